"""A strategy's input and results in the shapes that the planner's own parts take."""

from collections.abc import Iterable

from agents.offline.titles import title_of
from agents.plans import IterationResult, Proposal
from agents.strategies import StrategyInput, StrategyStepResult
from agents.strategy_guides import STEPS, Guide, number_of


def applying() -> list[Guide]:
    """Return the steps that apply frameworks, in order."""
    return [guide for guide in STEPS if guide.frameworks]


def as_iterations(results: Iterable[StrategyStepResult]) -> list[IterationResult]:
    return [
        IterationResult(
            number=number_of(one.step),
            focus=one.achievement,
            frameworks=one.frameworks,
            findings=one.findings,
            data_points=one.data_points,
            insights=one.insights,
            gaps=one.gaps,
        )
        for one in results
    ]


def proposal_of(ask: StrategyInput) -> Proposal:
    steps = applying()
    return Proposal(
        title=title_of(ask.goal),
        approach="",
        frameworks=tuple(guide.frameworks for guide in steps),
        sources=tuple(document.id for document in ask.documents),
        max_iterations=len(steps),
        checkpoint_interval=len(steps),
    )
