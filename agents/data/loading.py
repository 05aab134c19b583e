"""Uploaded files to a folder of Parquet files, one for each table, and a manifest.

    loaded = load(files, folder, cancel)      # gives each file as soon as it is read

Several files make one data set. What cannot be read raises `Unreadable`, whose code says why and
whose message says what to do about it; the folder is then as it was before.
"""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from agents.base import CancelFlag
from agents.data import (
    delimited,
    json_files,
    manifest,
    packed,
    parquet_files,
    publishing,
    spreadsheets,
    sqlite_files,
)
from agents.data.connection import Connection
from agents.data.keeping import Keeper
from agents.data.limits import DEFAULT_LIMITS, DataLimits, corrupt, empty, too_large
from agents.data.manifest import Manifest, StoredTable
from agents.data.work import Reader, Upload, Work
from agents.data_model import DataFile
from agents.exceptions import Permanent
from agents.reading_limits import Unreadable

THREADS = 2
# Raised when the same files would be kept otherwise than before.
VERSION = "1"
READERS: dict[str, Reader] = {
    ".csv": delimited.tables,
    ".tsv": delimited.tables,
    ".tab": delimited.tables,
    ".zip": packed.zip_tables,
    ".gz": packed.gzip_tables,
    ".parquet": parquet_files.tables,
    ".json": json_files.tables,
    ".jsonl": json_files.tables,
    ".ndjson": json_files.tables,
    ".sqlite": sqlite_files.tables,
    ".sqlite3": sqlite_files.tables,
    ".db": sqlite_files.tables,
    ".xlsx": spreadsheets.tables,
    ".xls": spreadsheets.tables,
    ".ods": spreadsheets.tables,
}
MAGIC = {
    ".zip": b"PK",
    ".xlsx": b"PK",
    ".ods": b"PK",
    ".gz": b"\x1f\x8b",
    ".parquet": b"PAR1",
    ".sqlite": b"SQLite format 3\0",
    ".sqlite3": b"SQLite format 3\0",
    ".db": b"SQLite format 3\0",
    ".xls": b"\xd0\xcf\x11\xe0",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was read, and the tables found in it."""

    name: str
    tables: tuple[StoredTable, ...]


def load(
    files: Sequence[DataFile],
    folder: Path,
    cancel: CancelFlag,
    *,
    limits: DataLimits = DEFAULT_LIMITS,
) -> Generator[Loaded, None, Manifest]:
    """Read the files into the folder; give each when it is read, and return the manifest.

    What was made of the same files already is not made again.
    """
    fingerprint = _fingerprint(files)
    made = publishing.published(folder, fingerprint)
    if made is None:
        made = yield from _read(files, folder, cancel, limits, fingerprint)
        return made
    for number, file in enumerate(files):
        yield Loaded(file.name, tuple(one for one in made.tables if one.upload == number))
    return made


def check(path: Path, name: str, *, limits: DataLimits = DEFAULT_LIMITS) -> None:
    """Raise `Unreadable` for what is no data file at first sight: its name, size or first bytes."""
    _reader(Upload(path, name), limits)


def _read(
    files: Sequence[DataFile],
    folder: Path,
    cancel: CancelFlag,
    limits: DataLimits,
    fingerprint: str,
) -> Generator[Loaded, None, Manifest]:
    uploads = [Upload(Path(file.path), file.name) for file in files]
    paths = [upload.path for upload in uploads]
    with (
        publishing.scratch(folder) as scratch,
        Connection(cancel, files=paths, scratch=scratch, threads=THREADS) as connection,
    ):
        keeper = Keeper(scratch / "tables", limits)
        for number, upload in enumerate(uploads):
            with _working(upload, scratch, connection, limits) as work:
                tables = keeper.keep_all(
                    _reader(upload, limits)(upload, work), number, upload, work
                )
            yield Loaded(upload.name, tables)
        made = Manifest(
            tables=tuple(keeper.tables), issues=tuple(keeper.issues), fingerprint=fingerprint
        )
        (keeper.place / manifest.NAME).write_text(made.model_dump_json(), encoding="utf-8")
        return publishing.publish(keeper.place, folder, made)


def _fingerprint(files: Sequence[DataFile]) -> str:
    digest = hashlib.sha256(VERSION.encode())
    for file in files:
        digest.update(f"{len(file.name)}:{file.name}:{file.sha256};".encode("utf-8", "replace"))
    return digest.hexdigest()


def _reader(upload: Upload, limits: DataLimits) -> Reader:
    """Return the reader for a file by its name; raise `Unreadable` where its bytes differ."""
    suffix = Path(upload.name.lower()).suffix
    if suffix not in READERS:
        known = ", ".join(sorted(READERS))
        message = f"{upload.name} is of a type that holds no table. Upload one of: {known}."
        raise Unreadable(message, code="unsupported_type")
    if not upload.path.is_file():
        raise Unreadable(f"{upload.name} is gone. Upload it again.", code="corrupt")
    size = upload.path.stat().st_size
    if size > limits.bytes:
        advice = "Upload a part of it."
        raise too_large(upload.name, f"{size:,} bytes", f"{limits.bytes:,}", advice)
    if not size:
        raise empty(upload.name)
    _check_magic(upload, suffix)
    return READERS[suffix]


def _check_magic(upload: Upload, suffix: str) -> None:
    magic = MAGIC.get(suffix, b"")
    with upload.path.open("rb") as file:
        start = file.read(len(magic))
    if suffix in (".xlsx", ".ods") and start == MAGIC[".xls"][: len(magic)]:
        # Office wraps what it locks into a file of the older kind.
        message = f"{upload.name} is locked by a password. Upload it without one."
        raise Unreadable(message, code="encrypted")
    if start != magic:
        message = (
            f"{upload.name} is not what its name says. "
            "Give it its right name, or save it as the type it claims to be."
        )
        raise Unreadable(message, code="type_mismatch")


@contextmanager
def _working(
    upload: Upload, scratch: Path, connection: Connection, limits: DataLimits
) -> Iterator[Work]:
    """Give a place to work in; errors that no reader expects still name the file."""
    with publishing.folder_in(scratch) as folder:
        try:
            yield Work(folder, connection, limits)
        except duckdb.Error as error:
            raise corrupt(upload.name, "its values do not fit together") from error
        except Permanent as error:
            if error.code not in ("query_failed", "no_data"):
                raise
            message = (
                f"{upload.name} needs more memory or space than there is. Upload a part of it."
            )
            raise Unreadable(message, code="too_large") from error
