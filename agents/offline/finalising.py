"""The final plan: all findings, figures, tasks, risks and sources in one document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.offline.inline import ended, escape
from agents.offline.ledger import distinct_frameworks, open_gaps, unique_points
from agents.offline.titles import title_of
from agents.offline.writing import (
    count,
    deltas,
    finding_line,
    framework_sections,
    gap_lines,
    of_tone,
    points_table,
)
from agents.plans import DataPoint, FinaliseInput, FinalPlan, Finding, Gap

KEY_FINDINGS, KEY_INSIGHTS = 3, 5
# Cells whose findings are things to do, not things to know.
TO_DO = ("Steps", "Countermeasures", "Milestones and dates", "Dependencies", "Resources", "Launch")
TO_WATCH = ("Threats", "What could go wrong", "Impact")
TASKS_IN_PHASE = 12


@dataclass(frozen=True)
class View:
    ask: FinaliseInput

    @cached_property
    def findings(self) -> list[Finding]:
        return [finding for result in self.ask.results for finding in result.findings]

    @cached_property
    def points(self) -> list[DataPoint]:
        return unique_points(self.ask.results)

    @cached_property
    def gaps(self) -> list[Gap]:
        return open_gaps(self.ask.results)

    @cached_property
    def frameworks(self) -> tuple[str, ...]:
        return distinct_frameworks(self.ask.results)

    def of(self, cells: Sequence[str]) -> list[Finding]:
        return [finding for finding in self.findings if finding.cell in cells]


def finalise(call: Call) -> Iterator[AgentEvent]:
    """Write the plan; its metrics are counted from the results."""
    ask = FinaliseInput.model_validate(call.input)
    yield Progress(percent=0, message="Writing the plan.", agent="generator")
    view = View(ask)
    title = title_of(ask.goal)
    text = _markdown(view, title)
    yield Progress(percent=50, message=f"{len(text.split())} words.", agent="generator")
    for delta in deltas(text):
        call.check()
        yield delta
    plan = FinalPlan(
        title=title,
        markdown=text,
        frameworks=view.frameworks,
        data_points=len(view.points),
        iterations=len(ask.results),
        checkpoints=ask.checkpoints,
    )
    yield Progress(percent=100, message="The plan is ready.", agent="generator")
    yield Done(result=plan.model_dump(mode="json"))


def _markdown(view: View, title: str) -> str:
    ask = view.ask
    sections = framework_sections(ask.results, view.gaps, most=len(view.findings))
    lines = [f"# {escape(title)}", ""]
    lines += ["## Goal", "", ended(escape(ask.goal, 2000) or "No goal was given"), ""]
    lines += ["## Executive summary", "", *_summary(view)]
    lines += ["## Findings", "", *(sections or ["No framework was applied.", ""])]
    lines += ["## Data points", "", *points_table(view.points)]
    lines += ["## Action plan", "", *actions(view)]
    lines += ["## Risks", "", *_risks(view), ""]
    lines += ["## Open questions", "", *_questions(view), ""]
    lines += ["## Sources", "", *sources(view), ""]
    lines += ["## How this plan was made", "", *_metrics(view), ""]
    return "\n".join(lines)


def _summary(view: View) -> list[str]:
    lines = [
        f"{count(len(view.frameworks), 'framework')} gave {count(len(view.findings), 'finding')}, "
        f"each with its source, and {count(len(view.points), 'data point')}. "
        f"{count(len(view.gaps), 'part')} had no evidence; the action plan has a task for each.",
        "",
    ]
    for heading, tone in (("What speaks for it", "good"), ("What speaks against it", "bad")):
        found = of_tone(view.ask.results, "good" if tone == "good" else "bad")
        chosen = _first_of_each(found)[:KEY_FINDINGS]
        if chosen:
            lines += [f"**{heading}** ({count(len(found), 'finding')})", ""]
            lines += [*(f"- {finding_line(finding)}" for finding in chosen), ""]
    insights = [insight for result in view.ask.results for insight in result.insights[:1]]
    if insights:
        lines += ["**What the findings say together**", ""]
        lines += [*(f"- {insight}" for insight in insights[:KEY_INSIGHTS]), ""]
    if not view.findings:
        lines += ["The sources hold no evidence for any framework, so this plan is a list of"]
        lines[-1] += " questions and tasks. Attach documents and start again for more."
        lines.append("")
    return lines


def _first_of_each(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with the first of each cell in front."""
    firsts = {(finding.framework, finding.cell): finding for finding in reversed(findings)}
    front = [finding for finding in findings if finding in firsts.values()]
    return front + [finding for finding in findings if finding not in front]


def actions(view: View) -> list[str]:
    """Return what to do: gaps to close, findings to take up, threats to watch."""
    watched = view.of(TO_WATCH)
    phases = (
        ("Close the gaps", gap_lines(view.gaps)),
        ("Carry out", [f"- Take up: {finding_line(one)}" for one in view.of(TO_DO)]),
        (
            "Watch",
            [f"- Name an owner and an early sign for: {finding_line(one)}" for one in watched],
        ),
    )
    lines: list[str] = []
    number = 0
    for name, tasks in phases:
        if not tasks:
            continue
        number += 1
        lines += [f"### Phase {number}: {name}", ""]
        shown = tasks if name == "Close the gaps" else tasks[:TASKS_IN_PHASE]
        lines += [task.replace("- ", "- [ ] ", 1) for task in shown]
        lines.append("")
    return lines or ["There is nothing to do: no gap and no finding asks for it.", ""]


def _risks(view: View) -> list[str]:
    found = of_tone(view.ask.results, "bad")
    return [
        f"- {finding.framework}, {finding.cell}: {finding_line(finding)}"
        for finding in found[:TASKS_IN_PHASE]
    ] or ["The sources name no risks. That is a gap, not good news."]


def _questions(view: View) -> list[str]:
    asked = [f"- {escape(question, 300)}" for question in view.ask.proposal.questions]
    return asked or ["None was left open."]


def sources(view: View) -> list[str]:
    """Return a line for each document: how often it is cited, or that it is not."""
    cited: dict[str, int] = {}
    for finding in view.findings:
        for citation in finding.citations:
            cited[citation.document] = cited.get(citation.document, 0) + 1
    for point in view.points:
        cited.setdefault(point.citation.document, 0)
    names = {id: f"{escape(title, 200)} (`{id}`)" for id, title in view.ask.titles.items()}
    lines = [
        f"- {names.get(id, f'`{id}`')}: {count(number, 'cited finding')}"
        for id, number in cited.items()
    ]
    unused = [id for id in view.ask.proposal.sources if id not in cited]
    lines += [f"- {names.get(id, f'`{id}`')}: searched, not cited" for id in unused]
    return lines or ["There were no sources."]


def _metrics(view: View) -> list[str]:
    ask = view.ask
    lines = [
        f"- Iterations: {len(ask.results)}",
        f"- Checkpoints: {ask.checkpoints}",
        f"- Frameworks: {len(view.frameworks)}",
        f"- Findings: {len(view.findings)}",
        f"- Data points: {len(view.points)}",
        f"- Open gaps: {len(view.gaps)}",
    ]
    told = [line for result in ask.results for line in result.followed]
    lines += [f"- Comment {escape(line, 400)}" for line in told]
    lines += [
        "",
        "Made by the offline planner, which is not a language model: it quotes and sorts,",
    ]
    lines[-1] += " and it does not judge."
    return lines
