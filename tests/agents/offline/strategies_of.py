"""Strategies of the offline engine, step by step, for the tests of its parts."""

import asyncio
from collections.abc import Sequence
from functools import cache

from agents.contract import GOAL, Recording, record
from agents.plans import Document
from agents.registry import engine
from agents.strategies import Missing, StepName, StrategyInput, StrategyStepResult
from agents.strategy_guides import STEPS
from tests.agents.offline.plans_of import document

MEMO = document(
    "# A second bakery\n\nCustomers praise the reliable quality of the bread of our bakery. "
    "There is a risk that two trained bakers for a second bakery cannot be found within 6 months. "
    "Rent of the second bakery costs EUR 2,400 per month, and staff costs are EUR 190,000 a year. "
    "A competitor opened a bakery in the same street in March 2026. "
    "A backup plan will mitigate the risk of a late opening of the second bakery.",
    title="A second bakery",
)


def step(name: StepName, documents: Sequence[Document] = (MEMO,), **given: object) -> Recording:
    asked = StrategyInput.model_validate(
        {"goal": GOAL, "step": name, "documents": tuple(documents), **given}
    )
    return asyncio.run(record(engine("offline"), "strategy", asked.model_dump(mode="json")))


def result(name: StepName, documents: Sequence[Document] = (MEMO,), **given: object):
    return StrategyStepResult.model_validate(step(name, documents, **given).result)


@cache
def strategy(
    documents: tuple[Document, ...] = (MEMO,), left_out: tuple[StepName, ...] = ()
) -> tuple[StrategyStepResult, ...]:
    """Return the results of all steps but those left out, which count as failed."""
    earlier: list[StrategyStepResult] = []
    missing: list[Missing] = []
    for guide in STEPS:
        if guide.name in left_out:
            missing.append(Missing(step=guide.name, reason="The search failed."))
            continue
        told = {"earlier": tuple(earlier), "missing": tuple(missing)}
        earlier.append(result(guide.name, documents, **told))
    return tuple(earlier)
