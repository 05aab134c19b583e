"""Bytes on disk: written piece by piece, measured and hashed on the way."""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from files.exceptions import Refused

logger = logging.getLogger(__name__)
PIECE = 1024 * 1024


class Readable(Protocol):
    """All that is asked of a file that arrives: it is never read as a whole, nor twice."""

    def read(self, size: int, /) -> bytes: ...


class TooMuch(Exception):
    """A file has more bytes than it may have; `size` are more than enough."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes are too many.")
        self.size = size


@dataclass(frozen=True, slots=True)
class Stored:
    size: int
    sha256: str


def store(file: Readable, path: Path, *, most: int) -> Stored:
    """Write a file to a path that is free; its bytes are on the disk when this returns.

    Whatever is raised, nothing of it stays. Raises `TooMuch` as soon as there are more
    than `most` bytes, and `Refused` when the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as copy, removed_on_error(path):
            return _write(file, copy, most)
    except OSError as error:
        logger.exception("The disk refused a file")
        message = "The file could not be stored; is the disk full? Try again later."
        raise Refused(message, code="storage") from error


def _write(file: Readable, copy: BinaryIO, most: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    os.fchmod(copy.fileno(), 0o600)  # what people upload is nobody else's on this machine
    for piece in iter(partial(file.read, PIECE), b""):
        size += len(piece)
        if size > most:
            raise TooMuch(size)
        digest.update(piece)
        copy.write(piece)
    copy.flush()
    os.fsync(copy.fileno())
    return Stored(size, digest.hexdigest())


@contextmanager
def removed_on_error(path: Path) -> Iterator[None]:
    """Remove what is at the path unless the block ends well."""
    try:
        yield
    except BaseException:
        remove(path)
        raise


def remove(path: Path) -> None:
    """Remove a file, if it is there and can be; the row that named it is gone either way."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        logger.exception("A stored file could not be removed name=%s", path.name)


def untouched(folder: Path, *, since: float) -> list[Path]:
    """Return the files below a folder that were last written before a time in seconds."""
    found = [one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()]
    return [one for one in found if one.stat().st_mtime < since]
