"""Results as Markdown: findings with citations, tables of figures, lists of tasks."""

from collections.abc import Iterable, Iterator, Sequence

from agents.base import Delta
from agents.offline.framework import Tone
from agents.offline.frameworks import BY_NAME
from agents.offline.inline import cite, ended, escape
from agents.offline.ledger import distinct_frameworks
from agents.plans import DataPoint, Finding, Gap, IterationResult


def deltas(text: str) -> Iterator[Delta]:
    """Yield the text line by line; joined, the pieces are the text."""
    for line in text.splitlines(keepends=True):
        yield Delta(text=line)


def finding_line(finding: Finding) -> str:
    sources = " ".join(cite(citation) for citation in finding.citations)
    return f"{ended(escape(finding.text))} {sources}"


def findings_of(results: Iterable[IterationResult], framework: str) -> list[Finding]:
    return [
        finding
        for result in results
        for finding in result.findings
        if finding.framework == framework
    ]


def framework_sections(
    results: Sequence[IterationResult], gaps: Sequence[Gap], most: int, mark: str = "###"
) -> list[str]:
    """Return a section for each framework: its cells, their findings, and their gaps."""
    lines: list[str] = []
    for name in distinct_frameworks(results):
        findings = _spread(findings_of(results, name), most)
        empty = [gap.cell for gap in gaps if gap.framework == name]
        lines += [f"{mark} {name}", ""]
        for cell in _cells(name, findings):
            lines += [f"**{cell}**", ""]
            lines += [f"- {finding_line(one)}" for one in findings if one.cell == cell]
            lines.append("")
        if empty:
            lines += [f"Gaps, for which no new evidence was found: {', '.join(empty)}.", ""]
    return lines


def _spread(findings: Sequence[Finding], most: int) -> list[Finding]:
    """Return at most so many findings, one of each cell before the second of any."""
    rank: dict[str, int] = {}
    ranked: list[tuple[int, int, Finding]] = []
    for place, finding in enumerate(findings):
        rank[finding.cell] = rank.get(finding.cell, 0) + 1
        ranked.append((rank[finding.cell], place, finding))
    kept = sorted(ranked, key=lambda entry: entry[:2])[:most]
    return [finding for _, _, finding in sorted(kept, key=lambda entry: entry[1])]


def _cells(framework: str, findings: Sequence[Finding]) -> list[str]:
    known = BY_NAME.get(framework)
    order = [cell.name for cell in known.cells] if known else []
    found = dict.fromkeys(finding.cell for finding in findings)
    return [cell for cell in order if cell in found] + [one for one in found if one not in order]


def points_table(points: Sequence[DataPoint]) -> list[str]:
    """Return the figures as a table: as written, value, unit, what it measures, source."""
    if not points:
        return ["No figures were found.", ""]
    lines = ["| Figure | Value | Unit | What it measures | Source |", "|---|---:|---|---|---|"]
    for point in points:
        cells = (
            escape(point.text, 60),
            value_of(point),
            escape(point.unit, 40) or "count",
            escape(point.label, 110),
            cite(point.citation),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def value_of(point: DataPoint) -> str:
    """Return the value as digits; a range with both ends, a date as its parts."""
    if point.value is None:
        return ""
    if point.kind == "date":
        ends = [f"{end:.0f}" for end in (point.value, point.high) if end is not None]
    else:
        ends = [_digits(end) for end in (point.value, point.high) if end is not None]
    return " to ".join(ends)


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4f}".rstrip("0")


def of_tone(results: Sequence[IterationResult], tone: Tone) -> list[Finding]:
    """Return the findings of the cells that speak for (`good`) or against (`bad`) something."""
    return [
        finding
        for result in results
        for finding in result.findings
        if (framework := BY_NAME.get(finding.framework))
        and (cell := framework.cell(finding.cell))
        and cell.tone == tone
    ]


def gap_lines(gaps: Sequence[Gap]) -> list[str]:
    return [f"- {escape(gap.task)} ({gap.framework}: {gap.cell})" for gap in gaps]


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 gap" or "2 gaps"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
