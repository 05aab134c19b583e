"""What a data set is made of: tables, columns, keys, relationships and their quality, as checked,
frozen JSON shapes. The `initialise` step gives a `DataModel`; everything about data reads it.
"""

from typing import Literal

from pydantic import Field

from agents.plans import Shape

Scalar = str | int | float | bool | None
Kind = Literal["number", "category", "text", "boolean", "date", "time", "datetime", "other"]


class ValueCount(Shape):
    value: Scalar
    count: int = Field(ge=1)


class Bin(Shape):
    """One bar of a histogram: values from `low` up to `high`."""

    low: Scalar
    high: Scalar
    count: int = Field(ge=0)


class Column(Shape):
    """One column. Dates and times are ISO-8601 text wherever a value is given."""

    name: str  # as the file has it; quote it in SQL
    type: str  # DuckDB's name of the stored type
    kind: Kind
    role: Literal["identifier", "measure", "dimension", "time", "text"]
    nulls: int = Field(ge=0)
    distinct: int = Field(ge=0)  # of values that are not null
    minimum: Scalar = None
    maximum: Scalar = None
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None  # sample standard deviation
    top: tuple[ValueCount, ...] = ()  # the most frequent values, most frequent first
    histogram: tuple[Bin, ...] = ()


class Table(Shape):
    name: str  # as SQL names it; unique in the model
    source: str  # the file, and the sheet or table in it, that it comes from
    rows: int = Field(ge=0)
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()  # empty: none found
    duplicates: int = Field(default=0, ge=0)  # rows that repeat another one completely


class Relationship(Shape):
    """`table.columns` refer to `to_table.to_columns`, each value to at most one row there."""

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    kind: Literal["many_to_one", "one_to_one"]
    coverage: float = Field(ge=0, le=1)  # share of the referring values that are found there
    declared: bool = False  # the file itself says so


class Issue(Shape):
    """Something about the data that its users should know. `column` is empty for a table's."""

    severity: Literal["info", "warning", "error"]
    code: str
    table: str
    column: str = ""
    message: str


class Quality(Shape):
    """Each figure is 0 to 100; `score` weighs the others."""

    score: float = Field(ge=0, le=100)
    completeness: float = Field(ge=0, le=100)  # cells that are not null
    uniqueness: float = Field(ge=0, le=100)  # rows that repeat no other
    validity: float = Field(ge=0, le=100)  # columns whose values are of one plausible type
    integrity: float = Field(ge=0, le=100)  # references that are found


class DataModel(Shape):
    name: str
    summary: str  # one paragraph for people
    tables: tuple[Table, ...]
    relationships: tuple[Relationship, ...] = ()
    quality: Quality
    issues: tuple[Issue, ...] = ()
    recommendations: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # that the offline engine can answer, made from the schema
    written_by: str = ""  # the language model that wrote the summary and `suggested`, if one did
    suggested: tuple[str, ...] = ()  # questions for an engine with a language model


class DataFile(Shape):
    """An uploaded file: `path` is where it lies, `name` what its owner called it."""

    path: str
    name: str
    sha256: str


class InitialiseInput(Shape):
    """Files to profile together. Tables are kept as Parquet in `folder`, which the caller owns."""

    name: str
    files: tuple[DataFile, ...] = Field(min_length=1)
    folder: str
