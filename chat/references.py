"""File references in messages: `@notes.md`, `@notes.md:10-20`, `@reports/`, `@"two words.txt"`.

They are resolved when the message is posted, inside the session's workspace, which they cannot
leave: each part of a path is opened by itself, never through a link.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from agents import reading
from agents.chats import Quoted
from agents.reading import Unreadable
from chat.events import FileRef
from chat.exceptions import InvalidMessage, UnknownFile
from chat.models import ChatSession
from files.models import Upload

MOST_REFERENCES = 10
MOST_ENTRIES = 200  # of a directory
LARGEST_FILE = 5_000_000  # bytes
LONGEST_TEXT = 20_000  # characters that go along with a message
REFERENCE = re.compile(
    r'(?:(?<=\s)|^)@(?:"(?P<quoted>[^"\n]{1,300})"|(?P<plain>[^\s"@,;!?()\[\]{}<>]{1,300}))'
)
FULL_STOP = re.compile(r"(?<![./])\.$")  # ends the sentence, not the path
LINES = re.compile(r"^(?P<path>.*?):(?P<first>[0-9]{1,7})(?:-(?P<last>[0-9]{1,7}))?$")


def place(session: ChatSession, uploads: Sequence[Upload]) -> None:
    """Put uploaded files into the workspace, so that messages can refer to them by name."""
    session.workspace.mkdir(parents=True, exist_ok=True)
    for upload in uploads:
        target = session.workspace / upload.name
        if not target.exists():
            part = session.workspace / f".{upload.pk}.part"
            shutil.copyfile(upload.path, part)
            part.replace(target)


def entries(session: ChatSession) -> list[str]:
    """Return what can be referred to: paths inside the workspace, folders with a slash."""
    root = session.workspace
    found: list[str] = []
    for folder, folders, files in os.walk(root, followlinks=False):
        here = Path(folder)
        folders[:] = sorted(one for one in folders if _is_shown(here / one))
        found += [f"{(here / one).relative_to(root).as_posix()}/" for one in folders]
        shown = sorted(one for one in files if _is_shown(here / one))
        found += [(here / one).relative_to(root).as_posix() for one in shown]
        if len(found) >= MOST_ENTRIES:
            break
    return found[:MOST_ENTRIES]


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".") and not path.is_symlink()


def open_file(session: ChatSession, path: str) -> BinaryIO:
    """Open a file of the workspace to read it. Raises `UnknownFile`."""
    try:
        with _opened(session.workspace, _inside(path, path)) as descriptor:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnknownFile("The session has no such file.")
            return os.fdopen(os.dup(descriptor), "rb")
    except (OSError, InvalidMessage) as error:
        raise UnknownFile("The session has no such file.") from error


def resolve(session: ChatSession, text: str) -> list[Quoted]:
    """Return what a message refers to, with its text. Raises `InvalidMessage`.

    A word after @ that is no path of a file (a name, for instance) is none.
    """
    found = [
        match["quoted"] or FULL_STOP.sub("", match["plain"]) for match in REFERENCE.finditer(text)
    ]
    wanted = list(dict.fromkeys(one for one in found if one))
    if len(wanted) > MOST_REFERENCES:
        raise InvalidMessage({"text": f"text may refer to at most {MOST_REFERENCES} files."})
    return [quoted for one in wanted if (quoted := _resolve(session.workspace, one))]


def told(quoted: Sequence[Quoted]) -> tuple[FileRef, ...]:
    """Return the references as events tell them, without their text."""
    return tuple(
        FileRef(
            reference=one.reference,
            path=one.path,
            kind=one.kind,
            first_line=one.first_line,
            last_line=one.last_line,
        )
        for one in quoted
    )


def _resolve(root: Path, reference: str) -> Quoted | None:
    lines = LINES.match(reference)
    path = _inside(lines["path"] if lines else reference, reference)
    try:
        with _opened(root, path) as descriptor:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                return _directory(descriptor, reference, path)
            text = _read(descriptor, path)
    except FileNotFoundError:
        if path.suffix or len(path.parts) > 1:
            raise _refused(reference, "is not in this session's files") from None
        return None
    except (OSError, Unreadable) as error:
        why = str(error) if isinstance(error, Unreadable) else "cannot be read"
        raise _refused(reference, why) from error
    return _quoted(reference, path, text, lines)


def _inside(given: str, reference: str) -> PurePosixPath:
    path = PurePosixPath(given)
    if not given.isprintable() or "\\" in given:
        raise _refused(reference, "is no path")
    if path.is_absolute() or ".." in path.parts:
        raise _refused(reference, "leaves the session's folder")
    if any(part.startswith(".") for part in path.parts):
        raise _refused(reference, "is hidden")
    return path


def _refused(reference: str, why: str) -> InvalidMessage:
    return InvalidMessage({"text": f"@{reference} {why}."})


@contextmanager
def _opened(root: Path, path: PurePosixPath) -> Iterator[int]:
    """Open a path part by part; a link anywhere in it is refused by the operating system."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.parts:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            inner = os.open(part, flags, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def _directory(descriptor: int, reference: str, path: PurePosixPath) -> Quoted:
    names = sorted(one for one in os.listdir(descriptor) if not one.startswith("."))
    return Quoted(
        reference=reference,
        path=path.as_posix(),
        kind="directory",
        text="\n".join(names[:MOST_ENTRIES]),
        is_cut=len(names) > MOST_ENTRIES,
    )


def _read(descriptor: int, path: PurePosixPath) -> str:
    info = os.fstat(descriptor)
    if not stat.S_ISREG(info.st_mode):
        raise Unreadable("is no file", code="unsupported_type")
    if info.st_size > LARGEST_FILE:
        raise Unreadable(f"is larger than {LARGEST_FILE:,} bytes", code="too_large")
    with os.fdopen(os.dup(descriptor), "rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if path.suffix.lower() == ".pdf":
        return reading.read(data, path.name)
    return reading.decode(data, path.name)


def _quoted(
    reference: str, path: PurePosixPath, text: str, lines: "re.Match[str] | None"
) -> Quoted:
    first, last = 0, 0
    if lines:
        every = text.splitlines(keepends=True)
        first = int(lines["first"])
        last = min(int(lines["last"] or first), len(every))
        if not 1 <= first <= last:
            raise _refused(reference, f"has {len(every)} lines")
        text = "".join(every[first - 1 : last])
    return Quoted(
        reference=reference,
        path=path.as_posix(),
        kind="text",
        first_line=first,
        last_line=last,
        text=text[:LONGEST_TEXT],
        is_cut=len(text) > LONGEST_TEXT,
    )
