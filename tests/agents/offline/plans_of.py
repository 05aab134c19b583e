"""Whole plans and single steps of the offline planner, for the tests of this folder."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from agents.contract import Recording, record
from agents.plans import Document, IterationResult, Proposal
from agents.reading import read
from agents.registry import engine

FOLDER = Path(__file__).parents[2] / "data" / "documents"
GOAL = (
    "Decide whether to upgrade our service from Django 4.2 to Django 5.2 this year, "
    "what could break, and in which steps"
)


@cache
def real_documents() -> tuple[Document, ...]:
    names = sorted(path.name for path in FOLDER.iterdir() if path.name.startswith(("dj", "font")))
    return tuple(
        Document(
            id=name.rpartition(".")[0].replace(".", "-"),
            title=name,
            kind="file",
            text=read((FOLDER / name).read_bytes(), name),
        )
        for name in names
    )


def document(text: str, id: str = "memo", title: str = "") -> Document:
    return Document(id=id, title=title or id, kind="file", text=text)


def step(kind: Any, **given: Any) -> Recording:
    return asyncio.run(record(engine("offline"), kind, _json(given)))


def propose(documents: Sequence[Document] = (), **given: Any) -> Proposal:
    asked = {"goal": GOAL, "max_iterations": 4, "checkpoint_interval": 2, **given}
    return Proposal.model_validate(step("propose", documents=documents, **asked).result)


def iterate(documents: Sequence[Document] = (), **given: Any) -> Recording:
    proposal = given.pop("proposal", None) or proposal_of("SWOT", "Risk assessment")
    asked = {"goal": GOAL, "number": 1, "max_iterations": 4, **given}
    return step("iterate", documents=documents, proposal=proposal, **asked)


def iterated(documents: Sequence[Document] = (), **given: Any) -> IterationResult:
    return IterationResult.model_validate(iterate(documents, **given).result)


def proposal_of(*names: str, **given: Any) -> Proposal:
    """Return a proposal with the frameworks given, all in its first iteration."""
    return Proposal(
        title="Plan",
        approach="",
        frameworks=(names,),
        **{"max_iterations": 4, "checkpoint_interval": 2, **given},
    )


def results(
    documents: Sequence[Document], comments: Mapping[int, tuple[str, ...]], proposal: Proposal
) -> list[IterationResult]:
    """Return the results of all iterations of a proposal."""
    earlier: list[IterationResult] = []
    for number in range(1, proposal.max_iterations + 1):
        earlier.append(
            iterated(
                documents,
                number=number,
                proposal=proposal,
                earlier=tuple(earlier),
                comments=comments.get(number, ()),
            )
        )
    return earlier


@cache
def real_plan() -> tuple[Proposal, tuple[IterationResult, ...]]:
    proposal = propose(real_documents())
    return proposal, tuple(results(real_documents(), {3: ("More about security.",)}, proposal))


def _json(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value
