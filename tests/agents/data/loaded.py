"""Files as uploads, and what the loader makes of them."""

import hashlib
from pathlib import Path

from agents.base import CancelFlag
from agents.chats import ResultTable
from agents.contract import Flag
from agents.data.limits import DEFAULT_LIMITS, DataLimits
from agents.data.loading import load
from agents.data.manifest import Manifest
from agents.data.naming import quoted
from agents.data.querying import Database
from agents.data_model import DataFile


class Uploads:
    """A folder for uploads, and one for the data set that is made of them."""

    def __init__(self, place: Path) -> None:
        self.place = place / "uploads"
        self.place.mkdir()
        self.folder = place / "set"
        self.files: list[DataFile] = []

    def add(self, name: str, content: bytes | str) -> DataFile:
        data = content.encode() if isinstance(content, str) else content
        path = self.place / f"{len(self.files)}"
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        file = DataFile(path=str(path), name=name, sha256=digest)
        self.files.append(file)
        return file

    def load(
        self, cancel: CancelFlag | None = None, *, limits: DataLimits = DEFAULT_LIMITS
    ) -> Manifest:
        loading = load(self.files, self.folder, cancel or Flag(), limits=limits)
        while True:
            try:
                next(loading)
            except StopIteration as end:
                made: Manifest = end.value
                return made

    def table(self, name: str = "") -> ResultTable:
        """Return the first rows of a table: of the first one if none is named."""
        with Database.open(self.folder, Flag()) as database:
            return database.select(f"FROM {quoted(name or database.tables[0])}")


def load_one(
    place: Path, name: str, content: bytes | str, limits: DataLimits = DEFAULT_LIMITS
) -> tuple[Manifest, ResultTable]:
    """Load one file; return the manifest and its first table."""
    uploads = Uploads(place)
    uploads.add(name, content)
    return uploads.load(limits=limits), uploads.table()
