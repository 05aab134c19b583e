"""The `initialise` step: files to tables, and tables to a `DataModel`.

Every step below looks at every table and tells what it found; the percentage is the share of that
work which is done. The same files always give the same events and the same model.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.data import (
    advising,
    distributions,
    findings,
    keys,
    kinds,
    manifest,
    publishing,
    quality,
    ranges,
    relating,
    roles,
)
from agents.data.connection import Connection
from agents.data.drafts import TableDraft
from agents.data.loading import load
from agents.data.manifest import Manifest
from agents.data.naming import quoted
from agents.data.wording import counted
from agents.data_model import DataModel, InitialiseInput, Relationship
from agents.exceptions import Permanent

Questions = Callable[[DataModel], Sequence[str]]
Step = Callable[[TableDraft, Connection], str]

LOADING = 30.0  # percent: the rest is shared by the steps below
STEPS: tuple[tuple[str, Step], ...] = (
    ("sampling", kinds.sample),
    ("types", kinds.find_kinds),
    ("keys", keys.find_keys),
    ("null rates", ranges.count_nulls),
    ("ranges", ranges.find_ranges),
    ("distributions", distributions.distribute),
)


@dataclass(slots=True)
class Meter:
    """How much of the work on the tables is done; a table counts once for each step."""

    total: int
    done: int = 0

    def next(self) -> float:
        self.done += 1
        return round(LOADING + (100 - LOADING) * self.done / self.total, 2)


def initialise(call: Call) -> Iterator[AgentEvent]:
    """Load and profile the files. `model_of` says what is promised."""
    yield from initialise_with(call, None)


def initialise_with(call: Call, questions: Questions | None) -> Iterator[AgentEvent]:
    """Load and profile the files; `questions` makes those that the model offers."""
    ask = InitialiseInput.model_validate(call.input)
    folder = Path(ask.folder)
    made = yield from _load(ask, folder, call)
    model = yield from _profile(ask.name, folder, made, call)
    if questions is not None:
        model = model.model_copy(update={"questions": tuple(questions(model))})
    yield Progress(percent=100, message=model.summary, agent="recommendations")
    yield Done(result=model.model_dump(mode="json"))


def _load(ask: InitialiseInput, folder: Path, call: Call) -> Generator[AgentEvent, None, Manifest]:
    count = len(ask.files)
    message = f"Reading {counted(count, 'file')}."
    yield Progress(percent=0, message=message, agent="loading")
    files = load(ask.files, folder, call.cancel)
    done = 0
    while True:
        try:
            loaded = next(files)
        except StopIteration as end:
            made: Manifest = end.value
            return made
        done += 1
        percent = round(LOADING * done / count, 2)
        for table in loaded.tables:
            message = (
                f"{table.name}: {counted(table.rows, 'row')}, {counted(table.columns, 'column')}"
            )
            yield Progress(percent=percent, message=message, agent="loading")


def _profile(
    name: str, folder: Path, made: Manifest, call: Call
) -> Generator[AgentEvent, None, DataModel]:
    # No table's own name has a space in it.
    tables = [
        TableDraft(stored, quoted(f"profile {place}")) for place, stored in enumerate(made.tables)
    ]
    # Relationships and recommendations are one piece of work each; quality is one for each table.
    meter = Meter((len(STEPS) + 1) * len(tables) + 2)
    paths = manifest.paths(folder, made)
    with (
        _in_words(),
        publishing.scratch(folder) as scratch,
        Connection(call.cancel, tables=paths, scratch=scratch) as connection,
    ):
        for step, work in STEPS:
            for table in tables:
                message = f"{table.name}: {work(table, connection)}"
                yield Progress(percent=meter.next(), message=message, agent=step)
        relationships = relating.relate(tables, connection)
        roles.assign_roles(tables, relationships)
        message = f"{counted(len(relationships), 'relationship')}: {_told(relationships)}"
        yield Progress(percent=meter.next(), message=message.rstrip(": "), agent="relationships")
        for table in tables:
            table.issues = [issue for issue in made.issues if issue.table == table.name]
            findings.find_duplicates(table, connection)
            findings.find_issues(table, connection)
            message = f"{table.name}: {counted(len(table.issues), 'issue')}"
            yield Progress(percent=meter.next(), message=message, agent="quality")
    return _model(name, tables, relationships)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn what DuckDB says into what the owner of the data can do about it."""
    try:
        yield
    except duckdb.Error as error:
        message = "The data set has values that cannot be measured. Load fewer of its columns."
        raise Permanent(message, code="data_failed") from error
    except Permanent as error:
        if error.code != "query_failed":
            raise
        message = "The data set needs more memory or space than there is. Load a part of it."
        raise Permanent(message, code="too_large") from error


def _model(
    name: str, tables: Sequence[TableDraft], relationships: Sequence[Relationship]
) -> DataModel:
    quality.find_orphans(tables, relationships)
    issues = tuple(quality.worst_first([one for table in tables for one in table.issues]))
    figures = quality.quality(tables, relationships)
    return DataModel(
        name=name,
        summary=advising.summarise(name, tables, relationships, figures, issues),
        tables=tuple(table.finished() for table in tables),
        relationships=tuple(relationships),
        quality=figures,
        issues=issues,
        recommendations=advising.recommend(tables, issues, relationships),
    )


def _told(relationships: Sequence[Relationship]) -> str:
    return ", ".join(
        f"{one.table}.{'+'.join(one.columns)} to {one.to_table}" for one in relationships[:10]
    )
