"""Small data sets on disk, as the loader leaves them, made of SQL."""

import time
from pathlib import Path

import duckdb

from agents.data import manifest
from agents.data.manifest import Manifest, StoredTable

PEOPLE = "SELECT * FROM (VALUES (1, 'Ada', 36.5), (2, 'Grace', NULL), (3, 'Alan', 41.0)) t(id, name, age)"
MANY = "SELECT i AS number, i % 7 AS week_day, 'row ' || i AS label FROM range(300000) t(i)"


def stored(folder: Path, **tables: str) -> Path:
    """Write one Parquet file for each query, and the manifest that names them."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    with duckdb.connect() as connection:
        for place, (name, query) in enumerate(tables.items(), start=1):
            file = f"t{place}.parquet"
            connection.execute(f"COPY ({query}) TO '{folder / file}' (FORMAT parquet)")
            [[rows]] = connection.execute(f"FROM ({query}) SELECT count(*)").fetchall()
            kept.append(StoredTable(name=name, file=file, source=f"{name}.csv", rows=rows))
    (folder / manifest.NAME).write_text(Manifest(tables=tuple(kept)).model_dump_json())
    return folder


class SetAfter:
    """A cancel flag that is set once some time has passed: in the middle of the work."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def is_set(self) -> bool:
        return time.monotonic() > self._at

    @property
    def late(self) -> float:
        """How long ago it was set, in seconds."""
        return time.monotonic() - self._at
