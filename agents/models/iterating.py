"""The `iterate` step: a model says what sentences mean for the cells of a framework.

The offline planner chooses frameworks and sentences, reads the figures and names the gaps; the
model names sentences by their numbers, so that it cannot cite what is not there.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from agents.adapters import Call, Put
from agents.base import Card, Done, Metric, Progress
from agents.exceptions import Permanent
from agents.grounding import evidence, marked
from agents.models.answers import Found, Seen, applied
from agents.models.asking import Asker
from agents.models.bench import Bench
from agents.models.citing import Sources
from agents.models.material import EVIDENCE, HISTORY, Material
from agents.models.prompts import Fence, Prompt, render
from agents.models.usage import told
from agents.offline import executor, steering, verifier
from agents.offline.evidence import Evidence, Passage
from agents.offline.following import followed
from agents.offline.framework import Framework
from agents.offline.inline import cite, ended, escape, one_line
from agents.offline.ledger import Ledger
from agents.offline.planner import Assignment, assign
from agents.offline.quality import quality
from agents.offline.steering import Wish
from agents.offline.verifier import Search
from agents.plans import Citation, DataPoint, Finding, Gap, IterateInput, IterationResult

INDEXED = 8.0  # percent; the frameworks share the rest
IN_CELL, MOST_SENTENCES = 6, 40
# An answer that cannot be used leaves gaps; the iteration goes on.
SOFT = frozenset({"bad_output", "output_too_long"})
FAILED = " (the language model gave no usable answer this time)"


@dataclass
class Work:
    """One iteration: what it works with, and what it has found so far."""

    ask: IterateInput
    wishes: tuple[Wish, ...]
    assignment: Assignment
    search: Search
    ledger: Ledger
    material: Material
    findings: list[Finding] = field(default_factory=list)
    points: list[DataPoint] = field(default_factory=list)
    insights: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    frameworks: list[str] = field(default_factory=list)
    failures: list[Permanent] = field(default_factory=list)

    def result(self) -> IterationResult:
        lines = followed(self.wishes, self.ask, self.search, self.findings, self.points)
        return IterationResult(
            number=self.ask.number,
            focus=self.assignment.focus,
            frameworks=tuple(self.frameworks),
            findings=tuple(self.findings),
            data_points=tuple(self.points),
            insights=tuple(self.insights),
            gaps=tuple(self.gaps),
            followed=tuple(map(_followed, self.wishes, lines)),
        )

    @property
    def is_in_vain(self) -> bool:
        """Whether nothing came of the iteration, and nothing of those before it."""
        if not self.failures or len(self.failures) < len(self.assignment.frameworks):
            return False
        return not any(result.findings for result in self.ask.earlier)


async def iterate(bench: Bench, call: Call, put: Put) -> None:
    """Apply the frameworks of one iteration, one question to the model for each."""
    ask = IterateInput.model_validate(call.input)
    wishes = steering.read(ask.comments, ask.documents)
    assignment = assign(ask, wishes)
    await put(Progress(percent=0, message=assignment.focus, agent="planner"))
    asker = Asker(bench.model, bench.client(bench.model, bench.settings), bench.settings)
    index = await asyncio.to_thread(Evidence, assignment.documents, call.check)
    with closing(index):
        search = await asyncio.to_thread(Search.of, index, assignment)
        material = Material(Fence(), bench.settings)
        work = Work(ask, wishes, assignment, search, Ledger(ask.earlier), material)
        share = (100 - INDEXED) / max(len(assignment.frameworks), 1)
        for place, framework in enumerate(assignment.frameworks):
            message = f"{framework.name}: looking for evidence."
            start = round(INDEXED + share * place, 2)
            await put(
                Progress(percent=start, message=message, agent="planner", card=framework.card())
            )
            await _apply(framework, work, asker, put)
        if work.is_in_vain:
            raise work.failures[-1]
        result = await asyncio.to_thread(work.result)
    message = f"Iteration {ask.number}: {len(work.findings)} findings, {len(work.gaps)} gaps."
    await put(Progress(percent=100, message=message, agent="generator"))
    await put(Done(result=result.model_dump(mode="json"), usage=told(asker.usage)))


async def _apply(framework: Framework, work: Work, asker: Asker, put: Put) -> None:
    work.frameworks.append(framework.name)
    await put(Metric(name="frameworks", value=len(work.frameworks), detail=framework.name))
    sources = await asyncio.to_thread(_sources, framework, work)
    findings: list[Finding] = []
    remark = ""
    if sources.passages:
        try:
            cells = [cell.name for cell in framework.cells]
            form = applied(cells, len(sources.passages))
            answer = await asker.shape(_prompt(framework, sources, work), form)
            findings = _findings(framework, answer.findings, sources, work)
            await _tell_insights(_insights(answer.insights, sources, work), work, put)
        except Permanent as error:
            if error.code not in SOFT:
                raise
            work.failures.append(error)
            remark = FAILED
            await put(_failed(framework))
    await _tell(framework, findings, sources, work, put, remark)


def _sources(framework: Framework, work: Work) -> Sources:
    """Return the sentences that fit the cells best, the best of each cell first, then others."""
    found = verifier.candidates(framework, work.search, work.ledger)
    best = [one[:IN_CELL] for one in found.values()]
    rounds = [cell[place] for place in range(IN_CELL) for cell in best if place < len(cell)]
    passages: dict[tuple[str, int], Passage] = {one.passage.key: one.passage for one in rounds}
    everything = work.search.evidence.passages
    few = range(len(everything)) if len(everything) <= verifier.FEW_SENTENCES else ()
    for place in (*work.search.goal.hits(MOST_SENTENCES), *few):
        passage = everything[place]
        if quality(passage) and not work.search.is_avoided(passage) and work.ledger.is_new(passage):
            passages.setdefault(passage.key, passage)
    room = work.material.room(EVIDENCE)
    return Sources.within(tuple(passages.values())[:MOST_SENTENCES], room)


def _prompt(framework: Framework, sources: Sources, work: Work) -> Prompt:
    material = work.material
    earlier = [
        f"{finding.framework}, {finding.cell}: {finding.text}"
        for result in work.ask.earlier
        for finding in result.findings
    ]
    return Prompt(
        render(
            "iterate",
            fence=material.fence.rule(),
            framework=framework.name,
            cells="\n".join(f"- {cell.name}: {cell.ask}" for cell in framework.cells),
        ),
        render(
            "iterate_question",
            goal=work.ask.goal,
            wishes=material.wishes(work.ask.comments),
            earlier=material.lines(earlier[::-1], "earlier findings", material.room(HISTORY)),
            sentences=material.lines(sources.lines(), "sentences", material.room(EVIDENCE)),
        ),
    )


def _findings(
    framework: Framework, answer: Sequence[Found], sources: Sources, work: Work
) -> list[Finding]:
    """Return the findings that rest on sentences and belong to a cell of the framework."""
    cells = {cell.name.casefold(): cell.name for cell in framework.cells}
    found: list[Finding] = []
    for one in answer:
        cell = cells.get(one.cell.strip().casefold())
        cited = sources.citations(one.sentences)
        text = _grounded(one.text, cited, work)
        if cell and cited and text:
            finding = Finding(framework=framework.name, cell=cell, text=text, citations=cited)
            work.ledger.use(finding)
            found.append(finding)
    order = [cell.name for cell in framework.cells]
    return sorted(found, key=lambda finding: order.index(finding.cell))


def _insights(answer: Sequence[Seen], sources: Sources, work: Work) -> list[str]:
    found = []
    for one in answer:
        cited = sources.citations(one.sentences)
        text = _grounded(one.text, cited, work)
        if cited and text:
            found.append(f"{ended(escape(text))} {' '.join(map(cite, cited))}")
    return found


def _grounded(text: str, cited: Iterable[Citation], work: Work) -> str:
    """Return a line whose numbers stand in the cited sentences or in the goal, or are marked."""
    given = evidence(texts=[work.ask.goal, *(one.quote for one in cited)])
    return marked(one_line(text), given)[0]


async def _tell(
    framework: Framework,
    findings: Sequence[Finding],
    sources: Sources,
    work: Work,
    put: Put,
    remark: str,
) -> None:
    for finding in findings:
        work.findings.append(finding)
        total = sum(len(one.citations) for one in work.findings)
        detail = f"{finding.framework}: {finding.cell}"
        await put(Metric(name="citations", value=total, detail=detail))
    points = await asyncio.to_thread(
        executor.data_points, findings, sources.passages, work.search, work.ledger
    )
    for point in points:
        work.points.append(point)
        detail = one_line(f"{point.label}: {point.text}", 160)
        await put(Metric(name="data_points", value=len(work.points), detail=detail))
    known = _named_before(work.ask)
    for gap in executor.gaps(framework, findings, lambda cell: remark):
        if (gap.framework, gap.cell) not in known:
            work.gaps.append(gap)
            detail = f"{gap.framework}: {gap.cell}"
            await put(Metric(name="gaps", value=len(work.gaps), detail=detail))


async def _tell_insights(insights: Sequence[str], work: Work, put: Put) -> None:
    told_before = {text for result in work.ask.earlier for text in result.insights}
    for insight in insights:
        if insight not in told_before and insight not in work.insights:
            work.insights.append(insight)
            await put(Metric(name="insights", value=len(work.insights)))


def _named_before(ask: IterateInput) -> set[tuple[str, str]]:
    """Return the cells that earlier iterations filled, or named as gaps."""
    results = ask.earlier
    filled = {(one.framework, one.cell) for result in results for one in result.findings}
    return filled | {(one.framework, one.cell) for result in results for one in result.gaps}


def _failed(framework: Framework) -> Progress:
    card = Card(
        title="This part was left out",
        description="The language model gave no answer that could be used.",
        insight="A gap that is named can be filled later; a guess cannot be taken back.",
        next_step="The plan goes on with the next framework.",
    )
    message = f"{framework.name} could not be applied."
    return Progress(percent=INDEXED, message=message, agent="generator", card=card)


def _followed(wish: Wish, line: str) -> str:
    if wish.understood:
        return line
    return f"\u201c{one_line(wish.comment, 100)}\u201d: given to the language model."
