"""The last step of a strategy: everything that was found, in one document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.offline.finalising import View, actions, sources
from agents.offline.inline import ended, escape
from agents.offline.strategising.shared import as_iterations, proposal_of
from agents.offline.titles import title_of
from agents.offline.writing import (
    count,
    deltas,
    finding_line,
    framework_sections,
    of_tone,
    points_table,
)
from agents.plans import FinaliseInput, IterationResult
from agents.strategies import Strategy, StrategyInput, StrategyStepResult
from agents.strategy_guides import GUIDES, STEPS, Guide

KEY_FINDINGS = 3


@dataclass(frozen=True)
class Whole:
    """What all steps found, also in the form in which a plan has it."""

    ask: StrategyInput

    @cached_property
    def results(self) -> list[IterationResult]:
        return as_iterations(self.ask.earlier)

    @cached_property
    def view(self) -> View:
        return View(
            FinaliseInput(
                goal=self.ask.goal,
                proposal=proposal_of(self.ask),
                titles={document.id: document.title for document in self.ask.documents},
                results=tuple(self.results),
            )
        )

    def of(self, guide: Guide) -> StrategyStepResult | None:
        return next((one for one in self.ask.earlier if one.step == guide.name), None)


def write(ask: StrategyInput, call: Call) -> Iterator[AgentEvent]:
    """Write the strategy; its counts are those of the results."""
    yield Progress(percent=0, message="Writing the strategy.", agent="generator")
    whole = Whole(ask)
    title = title_of(ask.goal)
    text = _markdown(whole, title)
    yield Progress(percent=50, message=f"{len(text.split())} words.", agent="generator")
    for delta in deltas(text):
        call.check()
        yield delta
    strategy = Strategy(title=title, markdown=text, **counts(whole))
    achieved = achievement(strategy)
    result = StrategyStepResult(step=ask.step, achievement=achieved, strategy=strategy)
    yield Progress(percent=100, message=achieved, agent="generator")
    yield Done(result=result.model_dump(mode="json"))


def counts(whole: Whole) -> dict[str, Any]:
    """Return the counts of a strategy: those of what the steps found."""
    view = whole.view
    return {
        "frameworks": view.frameworks,
        "findings": len(view.findings),
        "data_points": len(view.points),
        "gaps": len(view.gaps),
    }


def achievement(strategy: Strategy) -> str:
    """Return what writing the strategy came to, in one sentence."""
    figures = (count(strategy.findings, "cited finding"), count(strategy.data_points, "figure"))
    return f"The strategy has {figures[0]}, {figures[1]}, {count(strategy.gaps, 'task')}."


def _markdown(whole: Whole, title: str) -> str:
    ask, view = whole.ask, whole.view
    lines = [f"# {escape(title)}", ""]
    lines += ["## Goal", "", ended(escape(ask.goal, 2000)), ""]
    lines += ["## In short", "", *_summary(whole)]
    lines += missing(whole)
    for guide in STEPS:
        if found := whole.of(guide):
            lines += _section(whole, guide, found)
    lines += ["## Figures", "", *points_table(view.points)]
    lines += ["## Next steps", "", *actions(view)]
    lines += ["## Sources", "", *sources(view), ""]
    lines += ["## How this strategy was made", "", *_made(whole), ""]
    return "\n".join(lines)


def _summary(whole: Whole) -> list[str]:
    lines: list[str] = []
    for heading, tone in (("What speaks for it", "good"), ("What speaks against it", "bad")):
        found = of_tone(whole.results, "good" if tone == "good" else "bad")
        if found:
            lines += [f"**{heading}** ({count(len(found), 'finding')})", ""]
            lines += [*(f"- {finding_line(one)}" for one in found[:KEY_FINDINGS]), ""]
    if lines:
        return lines
    return [
        "The sources say nothing for or against it, so this is a list of questions. Attach "
        "documents and start again for more.",
        "",
    ]


def missing(whole: Whole) -> list[str]:
    """Name the steps that could not be done: what is not there must not look complete."""
    if not whole.ask.missing:
        return []
    lines = ["## What is missing", ""]
    for one in whole.ask.missing:
        guide = GUIDES[one.step]
        about = f" It would have applied {' and '.join(guide.frameworks)}." * bool(guide.frameworks)
        lines.append(f"- **{guide.title}** could not be done: {ended(escape(one.reason))}{about}")
    return [*lines, ""]


def _section(whole: Whole, guide: Guide, found: StrategyStepResult) -> list[str]:
    lines = [f"## {guide.title}", "", escape(found.achievement), ""]
    if guide.frameworks:
        most = max(1, len(found.findings))
        lines += framework_sections(as_iterations([found]), whole.view.gaps, most)
    elif found.findings:
        lines += [*(f"- {finding_line(one)}" for one in found.findings), ""]
    if found.insights:
        lines += ["**Insights**", "", *(f"- {insight}" for insight in found.insights), ""]
    return lines


def _made(whole: Whole) -> list[str]:
    view = whole.view
    rows: Sequence[tuple[str, int]] = (
        ("Steps done", len(whole.ask.earlier)),
        ("Steps missing", len(whole.ask.missing)),
        ("Frameworks", len(view.frameworks)),
        ("Findings", len(view.findings)),
        ("Data points", len(view.points)),
        ("Open gaps", len(view.gaps)),
    )
    return [
        *(f"- {name}: {number}" for name, number in rows),
        "",
        "Made by the offline planner, which is not a language model: it quotes and sorts, and it "
        "does not judge.",
    ]
