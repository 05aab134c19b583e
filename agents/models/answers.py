"""What a model fills in: bounded forms, so that small models stay within them too."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from agents.chats import IntentType
from agents.plans import Shape

Kind = Literal[
    "Porter's Five Forces",
    "SWOT",
    "Market analysis",
    "Competitive analysis",
    "Risk assessment",
    "PESTLE",
    "Value proposition",
    "Implementation roadmap",
    "Financial projections",
    "Go-to-market",
]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[int, Field(ge=0, le=999)]


class Sorted(Shape):
    """What kind of message it is."""

    intent_type: IntentType
    confidence: float = Field(ge=0, le=1)
    reasoning: str = Field(max_length=200)
    chart: Literal["bar", "line", "scatter", "none"] = "none"


class Described(Shape):
    """What a data set is about."""

    summary: str = Field(min_length=1, max_length=1500)
    questions: list[Line] = Field(min_length=1, max_length=6)


class Proposed(Shape):
    """How a goal would be worked on."""

    title: str = Field(min_length=1, max_length=100)
    approach: str = Field(min_length=1, max_length=2000)
    frameworks: list[Annotated[list[Kind], Field(max_length=3)]] = Field(max_length=20)
    questions: list[Line] = Field(max_length=6)


class Found(Shape):
    """One finding of one cell, and the numbers of the sentences it rests on."""

    cell: str = Field(max_length=60)
    text: str = Field(min_length=1, max_length=300)
    sentences: list[Number] = Field(min_length=1, max_length=4)


class Seen(Shape):
    """What findings say together, and the numbers of the sentences it rests on."""

    text: str = Field(min_length=1, max_length=300)
    sentences: list[Number] = Field(min_length=1, max_length=6)


class Applied(Shape):
    """What a framework makes of the evidence."""

    findings: list[Found] = Field(max_length=8)
    insights: list[Seen] = Field(max_length=3)


def applied(cells: Sequence[str], sentences: int) -> type[Applied]:
    """Return the form for one framework: it offers its cells, and as many sentences as there are.

    Other cells and numbers are taken and dropped later: one wrong line costs no answer.
    """
    number: Any = Annotated[int, Field(ge=0, le=999, json_schema_extra={"maximum": sentences})]
    cell: Any = Annotated[str, Field(max_length=60, json_schema_extra={"enum": [*cells]})]
    found: Any = create_model(
        "Found",
        __base__=Found,
        cell=cell,
        sentences=Annotated[list[number], Field(min_length=1, max_length=4)],
    )
    seen: Any = create_model(
        "Seen",
        __base__=Seen,
        sentences=Annotated[list[number], Field(min_length=1, max_length=6)],
    )
    form: type[Applied] = create_model(
        "Applied",
        __base__=Applied,
        findings=Annotated[list[found], Field(max_length=8)],
        insights=Annotated[list[seen], Field(max_length=3)],
    )
    return form
