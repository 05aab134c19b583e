"""Data sets profiled by the real step, from files or from SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from agents.adapters import Call
from agents.base import AgentEvent, CancelFlag, Done, Progress
from agents.contract import Flag
from agents.data.profiling import initialise
from agents.data_model import Column, DataFile, DataModel, InitialiseInput, Issue, Table
from tests.data_sets import data_files


@dataclass(frozen=True)
class Profiled:
    model: DataModel
    events: list[AgentEvent]

    @property
    def progress(self) -> list[Progress]:
        return [event for event in self.events if isinstance(event, Progress)]

    def table(self, name: str) -> Table:
        return next(table for table in self.model.tables if table.name == name)

    def column(self, path: str) -> Column:
        """Return a column by `table.column`."""
        table, _, name = path.partition(".")
        return next(column for column in self.table(table).columns if column.name == name)

    def issues(self, code: str) -> list[Issue]:
        return [issue for issue in self.model.issues if issue.code == code]

    def references(self) -> set[str]:
        return {
            f"{one.table}.{'+'.join(one.columns)} -> {one.to_table}.{'+'.join(one.to_columns)}"
            for one in self.model.relationships
        }


def call_for(
    files: tuple[DataFile, ...], folder: Path, name: str = "test", cancel: CancelFlag | None = None
) -> Call:
    ask = InitialiseInput(name=name, files=files, folder=str(folder))
    return Call(
        run_id="run",
        step="initialise",
        input=ask.model_dump(mode="json"),
        kind="initialise",
        cancel=cancel or Flag(),
    )


def profiled(files: tuple[DataFile, ...], folder: Path, name: str = "test") -> Profiled:
    events = list(initialise(call_for(files, folder, name)))
    [done] = [event for event in events if isinstance(event, Done)]
    return Profiled(DataModel.model_validate(done.result), events)


def profile_of(place: Path, **queries: str) -> Profiled:
    """Profile one table for each query."""
    return profiled(data_files(parquet_files(place, **queries)), place / "set")


def parquet_files(place: Path, **queries: str) -> Iterator[Path]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, query in queries.items():
            path = place / f"{name}.parquet"
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
            yield path
