"""The questions and their gold answers, read from YAML and checked.

A question that must be answered has one `gold` reading, and `also` others that are as right:
where the words leave open whether cancelled flights count, either count is an answer.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from agents.data_model import Scalar
from agents.plans import Shape
from benchmarks.questions.data import DATA_SETS

Half = Literal["tuning", "untouched"]
HALVES: tuple[Half, ...] = ("tuning", "untouched")
Kind = Literal[
    "count", "average", "top", "filter", "group", "extreme", "dates", "distinct", "share",
    "comparison", "trend", "correlation", "join", "decline", "ambiguous",
]  # fmt: skip
FOLDER = Path(__file__).resolve().parent


class Reading(Shape):
    """One way to understand a question, and the answer that is right if it is meant so.

    scalar   one row with one value
    row      one row; where several are tied, `answer` holds them all, and any of them will do
    set      rows in any order, each once
    ordered  rows in this order; equal values of the column `order` may change places, and at
             least the first `take` rows are asked for: more are ties at the end
    table    rows in any order

    Of the columns `either`, one is enough (an airport's code or name). `optional` columns need
    not be shown, but a different figure in their place is wrong. `percent` columns hold 0-100.
    """

    why: str = ""
    sql: str
    compare: Literal["scalar", "row", "set", "ordered", "table"]
    order: str = ""
    take: int = Field(default=0, ge=0)
    either: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    percent: tuple[str, ...] = ()
    columns: tuple[str, ...] = Field(min_length=1)
    answer: tuple[tuple[Scalar, ...], ...] = Field(min_length=1)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name in self.columns if name not in self.either + self.optional)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        named = {*self.either, *self.optional, *self.percent, *([self.order] if self.order else [])}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"columns has no {', '.join(unknown)}")
        if any(len(row) != len(self.columns) for row in self.answer):
            raise ValueError("each row of answer needs one value for each of columns")
        if self.compare == "scalar" and (len(self.answer), len(self.columns)) != (1, 1):
            raise ValueError("a scalar is one row with one column")
        is_ordered = self.compare == "ordered"
        if is_ordered != bool(self.order) or is_ordered != (0 < self.take <= len(self.answer)):
            raise ValueError("ordered, and only that, needs order and take, with enough rows")
        if not self.required and not self.either:
            raise ValueError("optional leaves no column that must be shown")
        return self


class Question(Shape):
    """`clarify`: asking back is right, and so is declining."""

    id: str
    kind: Kind
    question: str
    expect: Literal["answer", "decline", "clarify"]
    gold: Reading | None = None
    also: tuple[Reading, ...] = ()

    @property
    def readings(self) -> tuple[Reading, ...]:
        return (self.gold, *self.also) if self.gold else ()

    @model_validator(mode="after")
    def _has_gold_if_answered(self) -> Self:
        if (self.expect == "answer") != bool(self.gold):
            raise ValueError("gold goes with expect: answer, and with nothing else")
        if any(not reading.why for reading in self.also):
            raise ValueError("each reading in also says in why how it differs")
        return self


class Sheet(Shape):
    """One file: questions about one data set."""

    data: str
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_about_known_data(self) -> Self:
        if self.data not in DATA_SETS:
            raise ValueError(f"data is {self.data!r}, but must be one of {', '.join(DATA_SETS)}")
        return self


def load(half: Half) -> Mapping[str, tuple[Question, ...]]:
    """Return the questions of a half for each data set; raise ValueError naming a bad file."""
    sheets = [read(path) for path in sorted((FOLDER / half).glob("*.yaml"))]
    return {sheet.data: sheet.questions for sheet in sheets}


def read(path: Path) -> Sheet:
    try:
        return Sheet.model_validate(yaml.safe_load(path.read_text()))
    except (ValidationError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error
