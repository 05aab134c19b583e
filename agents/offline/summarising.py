"""The summary at a checkpoint: what there is so far, for somebody who has to decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.offline.inline import ended, escape
from agents.offline.ledger import distinct_frameworks, open_gaps, unique_points
from agents.offline.writing import count, deltas, framework_sections, gap_lines, points_table
from agents.plans import CheckpointSummary, IterationResult, SummariseInput

MOST_WORDS = 1500
# Findings of a framework, data points, insights and gaps shown: the first that fits is taken.
SIZES = (
    (12, 24, 14, 14),
    (10, 20, 12, 12),
    (8, 16, 10, 10),
    (6, 14, 8, 8),
    (5, 12, 6, 8),
    (4, 10, 5, 6),
    (3, 8, 4, 6),
    (2, 6, 3, 5),
    (1, 4, 2, 4),
    (1, 2, 1, 2),
)
MOST_COMMENTS = 6


@dataclass(frozen=True)
class View:
    ask: SummariseInput
    new: tuple[IterationResult, ...]  # since the last checkpoint
    deltas: dict[str, int]
    next: str


def summarise(call: Call) -> Iterator[AgentEvent]:
    """Write the summary, as long as the evidence is and never over 1,500 words."""
    ask = SummariseInput.model_validate(call.input)
    yield Progress(percent=0, message="Collecting what was found so far.", agent="generator")
    view = View(
        ask=ask,
        new=tuple(result for result in ask.results if result.number > ask.since),
        deltas=changes(ask.results, ask.since),
        next=_next(ask),
    )
    call.check()
    text = _fitting(view, call)
    yield Progress(percent=60, message=f"{len(text.split())} words.", agent="generator")
    for delta in deltas(text):
        call.check()
        yield delta
    summary = CheckpointSummary(
        summary=text,
        frameworks=distinct_frameworks(ask.results),
        data_points=len(unique_points(ask.results)),
        deltas=view.deltas,
        insights=tuple(insight for result in view.new for insight in result.insights),
        next=view.next,
    )
    yield Progress(percent=100, message="The summary is ready.", agent="generator")
    yield Done(result=summary.model_dump(mode="json"))


def changes(results: Sequence[IterationResult], since: int) -> dict[str, int]:
    """Return what came since iteration `since`: new ones of each kind, and gaps closed."""
    before = [result for result in results if result.number <= since]
    new = [result for result in results if result.number > since]
    found = sum(len(result.gaps) for result in new)
    return {
        "frameworks": len(distinct_frameworks(results)) - len(distinct_frameworks(before)),
        "findings": sum(len(result.findings) for result in new),
        "data_points": len(unique_points(results)) - len(unique_points(before)),
        "insights": sum(len(result.insights) for result in new),
        "gaps": found,
        "gaps_closed": len(open_gaps(before)) + found - len(open_gaps(results)),
    }


def _fitting(view: View, call: Call) -> str:
    text = ""
    for sizes in SIZES:
        call.check()
        text = _markdown(view, *sizes)
        if len(text.split()) <= MOST_WORDS:
            return text
    return _cut(text)


def _cut(text: str) -> str:
    """Keep the first lines that fit: only hostile input is longer than the smallest size."""
    kept: list[str] = []
    words = 0
    for line in text.splitlines(keepends=True):
        words += len(line.split())
        if words > MOST_WORDS:
            break
        kept.append(line)
    return "".join(kept)


def _markdown(view: View, findings: int, points: int, insights: int, gaps: int) -> str:
    ask = view.ask
    open_ = open_gaps(ask.results)
    table = unique_points(ask.results)
    ordered = [*unique_points(view.new), *unique_points(_before(ask))]
    lines = [f"## Checkpoint {ask.checkpoint}: where we are", "", *_where(view, len(open_)), ""]
    lines += ["## Frameworks so far", ""]
    lines += framework_sections(ask.results, open_, findings) or ["None was applied yet.", ""]
    lines += ["## Data points", ""]
    if len(table) > points:
        lines += [f"The newest {points} of {len(table)}:", ""]
    lines += points_table(ordered[:points])
    lines += ["## Since the last checkpoint", "", *_changes(view), ""]
    lines += ["## Insights", "", *_insights(view, insights), ""]
    lines += ["## Gaps", "", *(gap_lines(open_[:gaps]) or ["There are no open gaps."])]
    lines += [f"- and {count(len(open_) - gaps, 'more gap')}"] if len(open_) > gaps else []
    lines += ["", "## How your comments were followed", "", *_followed(view), ""]
    lines += ["## What follows", "", view.next, ""]
    return "\n".join(lines)


def _where(view: View, gaps: int) -> list[str]:
    ask = view.ask
    findings = sum(len(result.findings) for result in ask.results)
    frameworks = count(len(distinct_frameworks(ask.results)), "framework")
    points = count(len(unique_points(ask.results)), "data point")
    lines = [
        f"Goal: {ended(escape(ask.goal, 400) or 'none was given')}",
        "",
        f"Iteration {ask.iteration} of {ask.max_iterations} is done. So far {frameworks} gave "
        f"{count(findings, 'cited finding')} and {points}; {count(gaps, 'part')} of them "
        "had no evidence and are named as gaps.",
    ]
    documents = dict.fromkeys(
        citation.document
        for result in ask.results
        for finding in result.findings
        for citation in finding.citations
    )
    if documents:
        lines += ["", f"The findings rest on {', '.join(f'`{id}`' for id in documents)}."]
    if not findings:
        lines += ["", "Nothing in the sources answers the frameworks yet: this is a list of tasks."]
    return lines


def _changes(view: View) -> list[str]:
    names = {
        "frameworks": "framework",
        "findings": "finding",
        "data_points": "data point",
        "insights": "insight",
        "gaps": "gap",
    }
    lines = [f"- {count(view.deltas[key], f'new {name}')}" for key, name in names.items()]
    lines.append(f"- {count(view.deltas['gaps_closed'], 'gap')} closed")
    return lines + [f"- Iteration {result.number}: {escape(result.focus)}" for result in view.new]


def _insights(view: View, most: int) -> list[str]:
    found = [insight for result in reversed(view.ask.results) for insight in result.insights]
    return [f"- {insight}" for insight in found[:most]] or ["None yet."]


def _followed(view: View) -> list[str]:
    told = [line for result in view.ask.results for line in result.followed]
    lines = [f"- {escape(line, 400)}" for line in told[-MOST_COMMENTS:]]
    lines += [
        f"- \u201c{escape(comment, 200)}\u201d: to be used by the next iteration."
        for comment in view.ask.comments[-MOST_COMMENTS:]
        if not any(escape(comment, 60)[:40] in line for line in lines)
    ]
    return lines or ["There were no comments."]


def _next(ask: SummariseInput) -> str:
    left = ask.max_iterations - ask.iteration
    if left <= 0:
        return "If you approve, the final plan is written from these findings."
    planned = ask.proposal.frameworks
    names = planned[ask.iteration % len(planned)] if planned else ()
    with_ = f", with {' and '.join(names)}" if names else ""
    return (
        f"If you approve, iteration {ask.iteration + 1} of {ask.max_iterations} starts{with_}. "
        "It also looks again at the gaps above. A comment can move its attention."
    )


def _before(ask: SummariseInput) -> list[IterationResult]:
    return [result for result in ask.results if result.number <= ask.since]
