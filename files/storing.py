"""Bytes on disk: written piece by piece, measured and hashed on the way."""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from files.exceptions import Refused

logger = logging.getLogger(__name__)
PIECE = 1024 * 1024


class TooMuch(Exception):
    """A file has more bytes than it may have; `size` are more than enough."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes are too many.")
        self.size = size


@dataclass(frozen=True, slots=True)
class Stored:
    size: int
    sha256: str


def store(file: BinaryIO, path: Path, *, most: int) -> Stored:
    """Write a file to a path that is free; its bytes are on the disk when this returns.

    Whatever is raised, nothing stays at the path. Raises `TooMuch` as soon as there are more
    than `most` bytes, and `Refused` when the disk refuses.
    """
    with removed_on_error(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _write(file, path, most)
        except OSError as error:
            logger.exception("The disk refused a file")
            message = "The file could not be stored; is the disk full? Try again later."
            raise Refused(message, code="storage") from error


def _write(file: BinaryIO, path: Path, most: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as copy:
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
