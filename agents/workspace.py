"""Writing one file into a workspace: whole or not at all, and never outside of it.

Every folder on the way is opened by itself and without following links, so that nobody can put
a link in between what is checked and what is written.
"""

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from agents.exceptions import Permanent

LONGEST_PATH, LONGEST_NAME = 200, 100
LARGEST = 20_000_000
SUFFIXES = (".csv", ".md", ".json", ".txt")
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
MODE = 0o644


def write(workspace: str, path: str, text: str) -> int:
    """Write a text file and return its size in bytes; raise Permanent (`bad_path`, `too_large`).

    The path has to be relative and to stay inside. A file that is there is replaced; links are
    refused. Readers see the old file or the new one, never a part.
    """
    *folders, name = parts_of(path)
    data = text.encode("utf-8", "replace")
    if len(data) > LARGEST:
        raise Permanent(f"A file may have at most {LARGEST:,} bytes.", code="too_large")
    try:
        with _folder(workspace, folders) as folder:
            _check_free(folder, name)
            _replace(folder, name, data)
    except OSError as error:
        message = f"The file {path} could not be written: {error.strerror or 'no reason given'}."
        raise Permanent(message, code="not_written") from error
    return len(data)


def parts_of(path: str) -> tuple[str, ...]:
    """Return the names of a path, the file's last; raise Permanent (`bad_path`)."""
    if not path or len(path) > LONGEST_PATH or not path.isprintable() or "\\" in path:
        raise _refused(f"Give a path of at most {LONGEST_PATH} printable characters")
    parts = path.split("/")
    if path.startswith(("/", "~")) or any(part in ("", ".", "..") for part in parts):
        raise _refused("The path has to be relative and to stay inside the workspace")
    if any(part.startswith(".") or len(part.encode()) > LONGEST_NAME for part in parts):
        raise _refused(f"Names may not begin with a dot or have more than {LONGEST_NAME} bytes")
    if PurePosixPath(path).suffix.lower() not in SUFFIXES:
        raise _refused(f"The name has to end with one of: {', '.join(SUFFIXES)}")
    return tuple(parts)


@contextmanager
def _folder(workspace: str, folders: Sequence[str]) -> Iterator[int]:
    """Open the folder to write into, and make those that are missing."""
    if not workspace:
        raise Permanent("There is no workspace to write into.", code="no_workspace")
    Path(workspace).mkdir(parents=True, exist_ok=True)
    opened = os.open(workspace, FOLDER)
    try:
        for name in folders:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=opened)
            try:
                inner = os.open(name, FOLDER, dir_fd=opened)
            except NotADirectoryError as error:
                raise _refused(f"{name} is not a folder of the workspace") from error
            os.close(opened)
            opened = inner
        yield opened
    finally:
        os.close(opened)


def _check_free(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise _refused(f"{name} is there and is not a file")


def _replace(folder: int, name: str, data: bytes) -> None:
    temporary = f".writing-{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(temporary, FILE, MODE, dir_fd=folder), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise


def _refused(why: str) -> Permanent:
    return Permanent(f"{why}. Choose another path, like results/top.csv.", code="bad_path")
