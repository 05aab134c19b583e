"""One iteration of a plan: planner, verifier, executor and generator, framework by framework."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from agents.adapters import Call
from agents.base import AgentEvent, Card, Done, Metric, Progress
from agents.offline import executor, generator, steering, verifier
from agents.offline.evidence import Evidence
from agents.offline.following import followed
from agents.offline.framework import Cell, Framework
from agents.offline.frameworks import BY_NAME
from agents.offline.inline import one_line
from agents.offline.ledger import Ledger
from agents.offline.planner import Assignment, assign
from agents.offline.verifier import Search
from agents.plans import DataPoint, Finding, Gap, IterateInput, IterationResult

# The index takes this share of the step; the frameworks share the rest.
INDEXED, APPLIED = 8.0, 96.0
FIGURE_SENTENCES = 300


@dataclass
class Work:
    """What an iteration has found so far."""

    findings: list[Finding] = field(default_factory=list)
    points: list[DataPoint] = field(default_factory=list)
    insights: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    frameworks: list[str] = field(default_factory=list)


def iterate(call: Call) -> Iterator[AgentEvent]:
    """Do the iteration, telling what is being done and found as it happens."""
    ask = IterateInput.model_validate(call.input)
    wishes = steering.read(ask.comments, ask.documents)
    assignment = assign(ask, wishes)
    yield Progress(percent=0, message=assignment.focus, agent="planner")
    work, ledger = Work(), Ledger(ask.earlier)
    with closing(Evidence(assignment.documents, call.check)) as evidence:
        search = Search.of(evidence, assignment)
        yield Progress(percent=INDEXED, message=_indexed(assignment, evidence), agent="planner")
        share = (APPLIED - INDEXED) / (len(assignment.frameworks) + bool(assignment.gaps))
        for place, framework in enumerate(assignment.frameworks):
            start = INDEXED + share * place
            yield from _apply(framework, Step(call, search, ledger, work, ask, start, share))
        if assignment.gaps:
            start = APPLIED - share
            yield from _deepen(Step(call, search, ledger, work, ask, start, share))
        told = followed(wishes, ask, search, work.findings, work.points)
    yield Progress(percent=100, message=_finished(ask.number, work), agent="generator")
    result = IterationResult(
        number=ask.number,
        focus=assignment.focus,
        frameworks=tuple(work.frameworks),
        findings=tuple(work.findings),
        data_points=tuple(work.points),
        insights=tuple(work.insights),
        gaps=tuple(work.gaps),
        followed=told,
    )
    yield Done(result=result.model_dump(mode="json"), usage={"sentences": len(evidence.passages)})


@dataclass(frozen=True)
class Step:
    """What the work on one framework needs."""

    call: Call
    search: Search
    ledger: Ledger
    work: Work
    ask: IterateInput
    start: float
    share: float

    def progress(self, part: float, agent: str, message: str, card: Card | None = None) -> Progress:
        percent = round(self.start + self.share * part, 2)
        return Progress(percent=percent, message=message, agent=agent, card=card)


def _apply(framework: Framework, step: Step) -> Iterator[AgentEvent]:
    """Apply a framework; if it fails its cells become gaps, and the iteration goes on."""
    name = framework.name
    step.call.check()
    yield step.progress(0, "planner", f"{name}: looking for evidence.", framework.card())
    step.work.frameworks.append(name)
    yield Metric(name="frameworks", value=len(step.work.frameworks), detail=name)
    before = len(step.work.findings)
    try:
        yield from _applied(framework, step)
    except sqlite3.Error as error:
        new = step.work.findings[before:]
        missing = executor.gaps(framework, new, lambda _: " (the search failed this time)")
        yield from _add_gaps(missing, step)
        yield step.progress(0.98, "generator", f"{name} could not be applied.", _fallback(error))


def _applied(framework: Framework, step: Step) -> Iterator[AgentEvent]:
    name, work = framework.name, step.work
    found = verifier.candidates(framework, step.search, step.ledger)
    fitting = verifier.merged(found)
    yield step.progress(0.35, "verifier", f"{name}: {fitting} sentences fit its cells.")
    step.call.check()
    findings = executor.fill(framework, found, step.ledger)
    yield from _add_findings(findings, step)
    yield step.progress(0.6, "executor", f"{name}: {len(findings)} findings in its cells.")
    step.call.check()
    points = _figures(framework, findings, step)
    yield from _add_points(points, step)
    yield step.progress(0.8, "executor", f"{name}: {len(points)} data points.")
    step.call.check()
    missing = _new_gaps(executor.gaps(framework, findings, _start_in(step.search)), step)
    yield from _add_gaps(missing, step)
    earlier = [finding for result in step.ask.earlier for finding in result.findings]
    before = [*earlier, *work.findings[: len(work.findings) - len(findings)]]
    insights = generator.insights(name, findings, points, missing, before)
    yield from _add_insights(insights, step)
    message = f"{name}: {len(findings)} findings, {len(points)} data points, {len(missing)} gaps."
    yield step.progress(0.98, "generator", message, _achievement(framework, findings, points))


def _deepen(step: Step) -> Iterator[AgentEvent]:
    """Look again at earlier gaps, with weaker cues."""
    gaps = step.search.assignment.gaps
    yield step.progress(0, "planner", f"Looking again at {len(gaps)} gaps of earlier iterations.")
    try:
        for place, gap in enumerate(gaps):
            step.call.check()
            framework = BY_NAME.get(gap.framework)
            if framework is None:
                continue
            cells = tuple(cell for cell in framework.cells if cell.name == gap.cell)
            narrowed = replace(framework, cells=cells)
            found = verifier.candidates(narrowed, step.search, step.ledger, weak=True)
            findings = executor.fill(narrowed, found, step.ledger)
            if findings and gap.framework not in step.work.frameworks:
                step.work.frameworks.append(gap.framework)
                total = len(step.work.frameworks)
                yield Metric(name="frameworks", value=total, detail=gap.framework)
            yield from _add_findings(findings, step)
            yield from _add_points(
                executor.data_points(findings, (), step.search, step.ledger), step
            )
            state = f"{len(findings)} findings" if findings else "still without evidence"
            part = 0.9 * (place + 1) / len(gaps)
            yield step.progress(part, "verifier", f"{gap.framework}, {gap.cell}: {state}.")
    except sqlite3.Error as error:
        yield step.progress(0.95, "verifier", "The gaps could not be looked at.", _fallback(error))


def _new_gaps(gaps: Sequence[Gap], step: Step) -> list[Gap]:
    """Return the gaps of cells that no earlier iteration has filled or named as a gap."""
    told: set[tuple[str, str]] = set()
    for result in step.ask.earlier:
        told |= {(finding.framework, finding.cell) for finding in result.findings}
        told |= {(gap.framework, gap.cell) for gap in result.gaps}
    return [gap for gap in gaps if (gap.framework, gap.cell) not in told]


def _start_in(search: Search) -> Callable[[Cell], str]:
    """Say where to start with a cell whose only evidence stands elsewhere in the plan."""

    def start(cell: Cell) -> str:
        passage = verifier.used_before(cell, search)
        if passage is None:
            return ""
        return f" (sentence {passage.number} of {passage.document}, used elsewhere, is a start)"

    return start


def _figures(framework: Framework, findings: Sequence[Finding], step: Step) -> list[DataPoint]:
    """Return the figures of the findings and of other sentences about the same things."""
    search = step.search
    asked = {**search.comment.hits(FIGURE_SENTENCES), **search.goal.hits(FIGURE_SENTENCES)}
    sure = search.evidence.search_cues(_cues(framework, figures=True), FIGURE_SENTENCES)
    about = search.evidence.search_cues(_cues(framework, figures=False), FIGURE_SENTENCES)
    passages = [
        passage
        for place in dict.fromkeys((*sure, *asked, *about))
        for passage in (search.evidence.passages[place],)
        if not search.is_avoided(passage) and (place in sure or search.is_relevant(passage))
    ]
    return executor.data_points(findings, passages, search, step.ledger)


def _cues(framework: Framework, *, figures: bool) -> tuple[str, ...]:
    """Return the cues of the cells for which figures are, or are not, the best evidence."""
    cells = (cell for cell in framework.cells if cell.figures == figures)
    return tuple(phrase for cell in cells for phrase in cell.phrases)


def _add_findings(findings: Sequence[Finding], step: Step) -> Iterator[AgentEvent]:
    for finding in findings:
        step.work.findings.append(finding)
        total = sum(len(one.citations) for one in step.work.findings)
        yield Metric(name="citations", value=total, detail=f"{finding.framework}: {finding.cell}")


def _add_points(points: Sequence[DataPoint], step: Step) -> Iterator[AgentEvent]:
    for point in points:
        step.work.points.append(point)
        detail = one_line(f"{point.label}: {point.text}", 160)
        yield Metric(name="data_points", value=len(step.work.points), detail=detail)


def _add_gaps(gaps: Sequence[Gap], step: Step) -> Iterator[AgentEvent]:
    for gap in gaps:
        step.work.gaps.append(gap)
        detail = f"{gap.framework}: {gap.cell}"
        yield Metric(name="gaps", value=len(step.work.gaps), detail=detail)


def _add_insights(insights: Sequence[str], step: Step) -> Iterator[AgentEvent]:
    told = {text for result in step.ask.earlier for text in result.insights}
    for insight in insights:
        if insight not in told and insight not in step.work.insights:
            step.work.insights.append(insight)
            yield Metric(name="insights", value=len(step.work.insights))


def _achievement(
    framework: Framework, findings: Sequence[Finding], points: Sequence[DataPoint]
) -> Card:
    filled = len({finding.cell for finding in findings})
    return Card(
        title=f"{framework.name}: done",
        description=f"{filled} of {len(framework.cells)} cells have evidence.",
        details=(f"{len(findings)} cited findings", f"{len(points)} new data points"),
        insight=framework.insight,
        next_step=framework.next_step,
    )


def _fallback(error: Exception) -> Card:
    return Card(
        title="This part was left out",
        description="The search in the documents failed, so its cells are kept as gaps.",
        details=(type(error).__name__,),
        insight="A gap that is named can be filled later; a guess cannot be taken back.",
        next_step="The plan goes on with the next framework.",
    )


def _indexed(assignment: Assignment, evidence: Evidence) -> str:
    documents = len(assignment.documents)
    if not documents:
        return "There are no documents to search, so everything becomes a gap."
    return f"Indexed {len(evidence.passages)} sentences of {documents} documents."


def _finished(number: int, work: Work) -> str:
    return (
        f"Iteration {number}: {len(work.findings)} findings, {len(work.points)} data points, "
        f"{len(work.insights)} insights, {len(work.gaps)} gaps."
    )
