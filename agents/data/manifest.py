"""What a data set's folder holds: `manifest.json` and one Parquet file for each table."""

from pathlib import Path

from pydantic import Field, ValidationError

from agents.data_model import Issue
from agents.exceptions import Permanent
from agents.plans import Shape

NAME = "manifest.json"


class ForeignKey(Shape):
    """A reference that the file itself declares."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]


class StoredTable(Shape):
    name: str
    file: str = Field(pattern=r"^[a-z0-9_]+\.parquet$")  # inside the folder
    source: str
    upload: int = 0  # the number of the file it comes from
    columns: int = Field(default=0, ge=0)
    rows: int = Field(ge=0)
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


class Manifest(Shape):
    tables: tuple[StoredTable, ...] = Field(min_length=1)
    issues: tuple[Issue, ...] = ()  # found while the files were read
    fingerprint: str = ""  # of the files it was made from


def read(folder: Path) -> Manifest:
    """Return the manifest of a folder; raise Permanent (`no_data`) if there is none."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError) as error:
        message = "The data set has not been loaded, or its files are gone. Load it again."
        raise Permanent(message, code="no_data") from error


def paths(folder: Path, manifest: Manifest) -> dict[str, Path]:
    """Return where each table lies, by its name."""
    return {table.name: folder / table.file for table in manifest.tables}
