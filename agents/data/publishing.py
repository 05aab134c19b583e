"""A data set's folder appears as a whole or not at all, also when its maker is killed."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from agents.data import manifest
from agents.data.manifest import Manifest
from agents.exceptions import Permanent

PART = ".part"
# What a killed process left behind is older than any work that still goes on.
FORGOTTEN_SECONDS = 6 * 3600.0


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`, on the same disk; it is gone afterwards."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget(folder)
    with _temporary(folder.parent, _prefix(folder)) as made:
        yield Path(made)


@contextmanager
def folder_in(folder: Path) -> Iterator[Path]:
    with _temporary(folder, "work-") as made:
        yield Path(made)


def published(folder: Path, fingerprint: str) -> Manifest | None:
    """Return what was published, if it was made of the same files and is complete."""
    try:
        found = manifest.read(folder)
    except Permanent:
        return None
    complete = all(path.is_file() for path in manifest.paths(folder, found).values())
    return found if complete and found.fingerprint == fingerprint else None


def publish(place: Path, folder: Path, made: Manifest) -> Manifest:
    """Rename `place` to `folder`. Another process may do so too; the first one stays."""
    for path in (*place.iterdir(), place):
        _sync(path)
    for _ in range(2):
        # Over nothing and over an empty folder, renaming is one step.
        with suppress(OSError):
            place.rename(folder)
            _sync(folder.parent)
            return made
        found = published(folder, made.fingerprint)
        if found is not None:
            return found
        # An older data set, or the remains of one.
        with suppress(FileNotFoundError):
            folder.rename(place.with_name("old"))
    message = "The data set is being loaded by somebody else. Try again."
    raise Permanent(message, code="data_in_use")


def _temporary(parent: Path, prefix: str) -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix=prefix, suffix=PART, dir=parent)


def _prefix(folder: Path) -> str:
    return f".{folder.name}-"


def _forget(folder: Path) -> None:
    before = time.time() - FORGOTTEN_SECONDS
    for left in folder.parent.iterdir():
        if left.name.startswith(_prefix(folder)) and left.name.endswith(PART):
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < before:
                    shutil.rmtree(left, ignore_errors=True)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
