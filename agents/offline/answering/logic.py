"""The logical query: what was understood, small enough to check, to say and to change.

It is JSON in `Reply.memory`, so that a later question can build on it.
"""

from typing import Literal

from agents.data_model import Scalar
from agents.plans import Shape

Unit = Literal[
    "",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "decade",
    "weekday",
    "month_of_year",
    "hour_of_day",
]
Aggregate = Literal[
    "count",
    "distinct",
    "sum",
    "mean",
    "median",
    "min",
    "max",
    "deviation",
    "share",
    "missing",
    "correlation",
    "ratio",
    "growth",
    "difference",
]
Operator = Literal[
    "=", "!=", "<", "<=", ">", ">=", "between", "in", "not in",
    "null", "not null", "contains", "not contains",
]  # fmt: skip


class Field(Shape):
    """A column as seen from the base table: `path` holds the relationships that lead to it.

    `parts` are the year, month and day columns of which a date is made, if there is no other.
    """

    table: str
    name: str
    path: tuple[int, ...] = ()
    unit: Unit = ""
    parts: tuple[str, ...] = ()
    bins: int = 0  # so many bars of equal width


class Condition(Shape):
    """`field operator values`; or with another column, or with an aggregate of the field itself."""

    field: Field
    operator: Operator
    values: tuple[Scalar, ...] = ()
    other: Field | None = None
    aggregate: Literal["", "mean", "median", "max", "min"] = ""


class Measure(Shape):
    """What is worked out of the rows of each group.

    `only` are the rows that a share is of; `second` is what a ratio is divided by or a
    correlation is with; `per` makes it an aggregate of the totals of these groups.
    """

    aggregate: Aggregate
    field: Field | None = None
    second: Field | None = None
    only: tuple[Condition, ...] = ()
    per: tuple[Field, ...] = ()
    outer: Aggregate = "mean"


class Having(Shape):
    measure: Measure
    operator: Operator
    values: tuple[Scalar, ...]


class Order(Shape):
    """By a measure (its place), by a group (its place), or by a field of the rows."""

    by: Literal["measure", "group", "field"]
    place: int = 0
    field: Field | None = None
    descending: bool = True


class Logical(Shape):
    """Rows (`fields`, no measures) or aggregates (`measures`, maybe `groups`) of the base table."""

    base: str
    fields: tuple[Field, ...] = ()
    distinct: bool = False
    groups: tuple[Field, ...] = ()
    measures: tuple[Measure, ...] = ()
    where: tuple[Condition, ...] = ()
    having: tuple[Having, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    best_of_each: bool = False  # the limit holds in each value of the first group, also for rows
    count_groups: bool = False  # not the groups, but how many there are
