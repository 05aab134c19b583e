"""Text files in any common encoding, as UTF-8."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from agents.data.limits import Note, check_unpacked
from agents.data.work import Upload, Work
from agents.reading import MAGIC
from agents.reading_limits import Unreadable

CHUNK = 1 << 20
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# The last one takes any byte, so one of them always fits.
FALLBACKS = ("cp1252", "latin-1")


def as_utf8(upload: Upload, work: Work) -> tuple[Upload, tuple[Note, ...]]:
    """Return the file as UTF-8 text without NUL, and what had to be guessed for it.

    Raises `Unreadable` for what is no text: `type_mismatch` or `bad_encoding`.
    """
    with upload.path.open("rb") as file:
        start = file.read(CHUNK)
    marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), "")
    if not marked:
        _check_magic(upload.name, start)
        if _is(upload, "utf-8", work):
            return upload, ()
    encoding = marked or next(name for name in FALLBACKS if _is(upload, name, work))
    try:
        text = Upload(_transcoded(upload, encoding, work), upload.name)
    except UnicodeDecodeError as error:
        message = (
            f"{upload.name} begins like {encoding.upper()} text but is none. "
            "Save it again with the encoding UTF-8."
        )
        raise Unreadable(message, code="bad_encoding") from error
    if marked:
        return text, ()
    message = (
        f"The file is not UTF-8; it was read as {encoding}. "
        "If letters look wrong, save it again with the encoding UTF-8."
    )
    return text, (Note(code="guessed_encoding", message=message, severity="warning"),)


def _check_magic(name: str, start: bytes) -> None:
    found = next((what for magic, what in MAGIC.items() if start.startswith(magic)), None)
    # A table may begin with "MZ" or "BZh"; an archive or a program is no valid text as well.
    with suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")().decode(start)
        found = None if b"\0" not in start else found
    if found:
        message = (
            f"{name} is {found}, which does not match its name. "
            "Give it its right name, or save it as the type it claims to be."
        )
        raise Unreadable(message, code="type_mismatch")


def _is(upload: Upload, encoding: str, work: Work) -> bool:
    try:
        for _ in _decoded(upload, encoding, work):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(upload: Upload, encoding: str, work: Work) -> Path:
    path = work.path(".txt")
    size = 0
    with path.open("wb") as file:
        for text in _decoded(upload, encoding, work):
            size += file.write(text.encode("utf-8", "replace"))
            check_unpacked(upload.name, size, work.limits)
    return path


def _decoded(upload: Upload, encoding: str, work: Work) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with upload.path.open("rb") as file:
        while chunk := file.read(CHUNK):
            work.check()
            text = decoder.decode(chunk)
            if "\0" in text:
                message = (
                    f"{upload.name} has NUL characters, so it is no text. "
                    "Save it as plain text in UTF-8."
                )
                raise Unreadable(message, code="bad_encoding")
            yield text
        yield decoder.decode(b"", final=True)
