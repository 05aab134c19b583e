"""What is packed: one CSV or TSV file in a .zip or .gz, unpacked within limits.

What an archive says of its sizes is checked, and then not believed: the bytes are counted.
"""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from agents.data import delimited
from agents.data.limits import check_unpacked, corrupt, empty
from agents.data.work import Found, Upload, Work
from agents.reading_limits import Unreadable

CHUNK = 1 << 20
TABLES = (".csv", ".tsv", ".tab", ".txt")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Packed(Protocol):
    def read(self, size: int, /) -> bytes: ...


def zip_tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find the table of the only CSV or TSV file in a zip."""
    try:
        with zipfile.ZipFile(upload.path) as archive:
            member = _only_table(archive, upload.name)
            check_unpacked(upload.name, member.file_size, work.limits)
            with archive.open(member) as packed:
                path = _unpacked(packed, upload, work)
    except BROKEN as error:
        raise corrupt(upload.name, "the archive is damaged") from error
    name = PurePosixPath(member.filename).name
    yield from _tables(Upload(path, name), f"{upload.name}: {name}", work)


def gzip_tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find the table of a CSV or TSV file packed with gzip."""
    name = upload.name.removesuffix(".gz").removesuffix(".GZ")
    if not name.lower().endswith(TABLES):
        raise _refused(upload.name, "not a packed CSV or TSV file")
    try:
        with gzip.open(upload.path) as packed:
            path = _unpacked(packed, upload, work)
    except BROKEN as error:
        raise corrupt(upload.name, "the archive is damaged") from error
    yield from _tables(Upload(path, name), upload.name, work)


def check_zip(upload: Upload, work: Work) -> None:
    """Unpack every member of an Office file once, counting: its reader counts nothing."""
    try:
        with zipfile.ZipFile(upload.path) as archive:
            members = archive.infolist()
            check_unpacked(upload.name, sum(one.file_size for one in members), work.limits)
            size = 0
            for member in members:
                with archive.open(member) as packed:
                    while chunk := packed.read(CHUNK):
                        work.check()
                        size += len(chunk)
                        check_unpacked(upload.name, size, work.limits)
    except BROKEN as error:
        raise corrupt(upload.name, "the file is damaged or locked by a password") from error


def _tables(text: Upload, source: str, work: Work) -> Iterator[Found]:
    for found in delimited.tables(text, work):
        yield Found(title=found.title, source=source, select=found.select, notes=found.notes)


def _only_table(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [
        one
        for one in archive.infolist()
        if not one.is_dir() and not one.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        raise _refused(name, f"an archive of {len(members)} files")
    [member] = members
    if not member.filename.lower().endswith(TABLES):
        raise _refused(name, "an archive without a CSV or TSV file")
    if member.flag_bits & 1:
        message = f"{name} is locked by a password. Upload it without one."
        raise Unreadable(message, code="encrypted")
    return member


def _refused(name: str, what: str) -> Unreadable:
    message = f"{name} is {what}. Pack one CSV or TSV file, or upload the files themselves."
    return Unreadable(message, code="unsupported_type")


def _unpacked(packed: Packed, upload: Upload, work: Work) -> Path:
    path = work.path(".csv")
    size = 0
    with path.open("wb") as file:
        while chunk := packed.read(CHUNK):
            work.check()
            size += file.write(chunk)
            check_unpacked(upload.name, size, work.limits)
    if not size:
        raise empty(upload.name)
    return path
