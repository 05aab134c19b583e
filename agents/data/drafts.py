"""What is known of a table while it is profiled: each step fills in its part."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.data.manifest import StoredTable
from agents.data_model import Bin, Column, Issue, Kind, Scalar, Table, ValueCount

Role = Literal["identifier", "measure", "dimension", "time", "text"]


@dataclass(slots=True)
class ColumnDraft:
    """`sql` is what the column is called while the table is profiled: c1, c2 and so on.

    Its own name could be one of those that the queries give to their own columns.
    """

    name: str
    type: str
    sql: str
    kind: Kind = "other"
    role: Role = "dimension"
    nulls: int = 0
    distinct: int = 0
    minimum: Scalar = None
    maximum: Scalar = None
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    quartiles: tuple[float, float] | None = None
    is_clock: bool = False  # whole numbers that can be read as hours and minutes: 1430
    average_length: float = 0.0
    top: tuple[ValueCount, ...] = ()
    histogram: tuple[Bin, ...] = ()

    @property
    def is_whole(self) -> bool:
        return "INT" in self.type and self.kind == "number"

    def finished(self) -> Column:
        return Column(
            name=self.name,
            type=self.type,
            kind=self.kind,
            role=self.role,
            nulls=self.nulls,
            distinct=self.distinct,
            minimum=self.minimum,
            maximum=self.maximum,
            mean=self.mean,
            median=self.median,
            deviation=self.deviation,
            top=self.top,
            histogram=self.histogram,
        )


@dataclass(slots=True)
class TableDraft:
    """`sql` is what the table is called while it is profiled: its columns are numbered."""

    stored: StoredTable
    sql: str
    columns: list[ColumnDraft] = field(default_factory=list)
    sample: list[tuple[Any, ...]] = field(default_factory=list)
    primary_key: tuple[str, ...] = ()
    duplicates: int = 0
    issues: list[Issue] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.stored.name

    @property
    def rows(self) -> int:
        return self.stored.rows

    def of_kind(self, *kinds: Kind) -> Iterator[ColumnDraft]:
        return (column for column in self.columns if column.kind in kinds)

    def column(self, name: str) -> ColumnDraft:
        return next(column for column in self.columns if column.name == name)

    def finished(self) -> Table:
        return Table(
            name=self.name,
            source=self.stored.source,
            rows=self.rows,
            columns=tuple(column.finished() for column in self.columns),
            primary_key=self.primary_key,
            duplicates=self.duplicates,
        )
