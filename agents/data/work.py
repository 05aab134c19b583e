"""What the readers of all formats share: a file to read, a place to work in, a table found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from agents.data.connection import Connection
from agents.data.limits import DataLimits, Note
from agents.data.manifest import ForeignKey


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it lies on the disk, and what its owner calls it."""

    path: Path
    name: str

    @property
    def stem(self) -> str:
        """The name without its suffixes, for the table that is made of it."""
        return self.name.replace("\\", "/").rpartition("/")[2].partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A table found in a file: `select` gives its rows, with columns that have their final names.

    Foreign keys name other tables by their titles: they get their names later.
    """

    title: str
    source: str
    select: str
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A folder for the files in between, which goes when the work is done."""

    folder: Path
    connection: Connection
    limits: DataLimits
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def path(self, suffix: str) -> Path:
        """Return a path in the folder that nothing has used yet."""
        return self.folder / f"between{next(self._numbers)}{suffix}"

    def check(self) -> None:
        self.connection.check()


Reader = Callable[[Upload, Work], Iterator[Found]]
