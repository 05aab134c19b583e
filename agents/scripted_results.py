"""The small, valid results of the scripted engine: two frameworks and three data points each."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.plans import (
    FRAMEWORKS,
    CheckpointSummary,
    Citation,
    DataPoint,
    FinaliseInput,
    FinalPlan,
    Finding,
    Gap,
    IterateInput,
    IterationResult,
    Proposal,
    ProposeInput,
    SummariseInput,
)

DOCUMENT = "script"
FRAMEWORKS_EACH = 2
DATA_POINTS_EACH = 3


def proposal(given: Mapping[str, Any]) -> Proposal:
    ask = ProposeInput.model_validate(given)
    planned = tuple(frameworks_of(number) for number in range(1, ask.max_iterations + 1))
    lines = [f"1. {' and '.join(frameworks)}" for frameworks in planned]
    lines += [f"- Adjusted: {_line(comment)}" for comment in ask.adjustments]
    return Proposal(
        title=_title(ask.goal),
        approach="## Approach\n\n" + "\n".join(lines),
        frameworks=planned,
        questions=("Is this the question?",),
        sources=tuple(document.id for document in ask.documents),
        max_iterations=ask.max_iterations,
        checkpoint_interval=ask.checkpoint_interval,
    )


def iteration(given: Mapping[str, Any]) -> IterationResult:
    ask = IterateInput.model_validate(given)
    first, second = frameworks_of(ask.number)
    cited = _citation(ask.number)
    return IterationResult(
        number=ask.number,
        focus=f"Apply {first} and {second}.",
        frameworks=(first, second),
        findings=(
            Finding(framework=first, cell="first", text=cited.quote, citations=(cited,)),
            Finding(framework=second, cell="first", text=cited.quote, citations=(cited,)),
        ),
        data_points=_data_points(ask.number),
        insights=(f"Iteration {ask.number} found {DATA_POINTS_EACH} figures.",),
        gaps=(Gap(framework=second, cell="second", task=f"Find evidence for {second}."),),
        followed=tuple(f"Followed: {_line(comment)}" for comment in ask.comments),
    )


def summary(given: Mapping[str, Any]) -> CheckpointSummary:
    ask = SummariseInput.model_validate(given)
    new = [result for result in ask.results if result.number > ask.since]
    frameworks = distinct_frameworks(ask.results)
    return CheckpointSummary(
        summary=_markdown(f"Checkpoint {ask.checkpoint}", ask.goal, ask.results),
        frameworks=frameworks,
        data_points=unique_data_points(ask.results),
        deltas={
            "frameworks": len(frameworks)
            - len(distinct_frameworks([r for r in ask.results if r.number <= ask.since])),
            "data_points": sum(len(result.data_points) for result in new),
            "insights": sum(len(result.insights) for result in new),
            "gaps": sum(len(result.gaps) for result in new),
        },
        insights=tuple(text for result in new for text in result.insights),
        next="The final plan."
        if ask.iteration >= ask.max_iterations
        else f"Iteration {ask.iteration + 1} of {ask.max_iterations}.",
    )


def plan(given: Mapping[str, Any]) -> FinalPlan:
    ask = FinaliseInput.model_validate(given)
    return FinalPlan(
        title=ask.proposal.title,
        markdown=_markdown(ask.proposal.title, ask.goal, ask.results),
        frameworks=distinct_frameworks(ask.results),
        data_points=unique_data_points(ask.results),
        iterations=len(ask.results),
        checkpoints=ask.checkpoints,
    )


def metrics(result: IterationResult) -> list[tuple[str, int]]:
    """Return the running totals of an iteration, in the order in which they are told."""
    found = {
        "frameworks": len(result.frameworks),
        "data_points": len(result.data_points),
        "citations": sum(len(finding.citations) for finding in result.findings),
        "insights": len(result.insights),
        "gaps": len(result.gaps),
    }
    return [(name, total) for name, last in found.items() for total in range(1, last + 1)]


def frameworks_of(number: int) -> tuple[str, str]:
    start = FRAMEWORKS_EACH * (number - 1)
    return FRAMEWORKS[start % len(FRAMEWORKS)], FRAMEWORKS[(start + 1) % len(FRAMEWORKS)]


def distinct_frameworks(results: Sequence[IterationResult]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for result in results for name in result.frameworks))


def unique_data_points(results: Sequence[IterationResult]) -> int:
    points = (point for result in results for point in result.data_points)
    return len({(point.citation.document, point.citation.sentence, point.text) for point in points})


def _data_points(number: int) -> tuple[DataPoint, ...]:
    cited = _citation(number)
    values = [number * 10 + offset for offset in range(1, DATA_POINTS_EACH + 1)]
    return tuple(
        DataPoint(
            kind="percent",
            label=f"share {value}",
            text=f"{value}%",
            value=value,
            unit="%",
            citation=cited,
        )
        for value in values
    )


def _citation(number: int) -> Citation:
    shares = ", ".join(f"{number * 10 + offset}%" for offset in range(1, DATA_POINTS_EACH + 1))
    quote = f"In part {number} of the script the shares are {shares}."
    return Citation(document=DOCUMENT, sentence=number, quote=quote)


def _markdown(title: str, goal: str, results: Sequence[IterationResult]) -> str:
    lines = [f"# {title}", "", f"Goal: {_line(goal)}", ""]
    for result in results:
        lines += [f"## Iteration {result.number}", ""]
        for finding in result.findings:
            cited = finding.citations[0]
            source = f"[{cited.document}#{cited.sentence}]"
            lines.append(f"- {finding.framework}: {finding.text} {source}")
        lines.append("")
    return "\n".join(lines)


def _title(goal: str) -> str:
    return f"Plan: {_line(goal)[:80] or 'no goal'}"


def _line(text: str) -> str:
    return " ".join(text.split())
