"""The generator: insights that put findings and figures beside each other.

An insight is a line of Markdown: what it takes from documents is escaped, and cited.
"""

from collections.abc import Sequence
from itertools import combinations

from agents.offline.inline import cite, ended, escape
from agents.offline.terms import is_content, stems_of
from agents.plans import DataPoint, Finding, Gap

QUOTED = 170  # characters of a finding within an insight
# What two cells of a framework say together: "{0}" and "{1}" are their findings.
PAIRS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "SWOT": (
        ("Strengths", "Threats", "A strength to set against a threat"),
        ("Weaknesses", "Opportunities", "A weakness in the way of an opportunity"),
        ("Strengths", "Weaknesses", "Two sides to weigh"),
    ),
    "Market analysis": (
        ("Needs", "Growth and trends", "A need, and where things are moving"),
        ("Segments", "Needs", "A group, and what is asked for"),
        ("Size", "Growth and trends", "Size and direction"),
    ),
    "Porter's Five Forces": (
        ("Substitutes", "Supplier power", "Two ways to lose room: substitutes and dependence"),
        ("Rivalry", "New entrants", "Pressure from those who are there and those who may come"),
        ("Buyer power", "Substitutes", "Buyers who have a choice"),
    ),
    "Competitive analysis": (
        ("What sets us apart", "Where others lead", "A lead and a lag to weigh"),
        ("Competitors and alternatives", "Prices", "An alternative, and what is charged"),
    ),
    "Risk assessment": (
        ("What could go wrong", "Countermeasures", "A risk, and what is known to reduce it"),
        ("Impact", "Countermeasures", "An impact, and what is known to reduce it"),
        ("What could go wrong", "Impact", "A risk, and what it may lead to"),
    ),
    "PESTLE": (
        ("Legal", "Technological", "Rules and technology move at different speeds"),
        ("Economic", "Social", "Money and people"),
        ("Political", "Legal", "Decisions, and the rules that follow"),
    ),
    "Value proposition": (
        ("Pains", "Gains", "A pain, and a gain that may answer it"),
        ("Gains", "Proof", "A promise, and what supports it"),
        ("Customers and their jobs", "Pains", "Who it is for, and what troubles them"),
    ),
    "Financial projections": (
        ("Costs", "Return", "What it costs against what it returns"),
        ("Costs", "Revenue", "What it costs against what it brings"),
        ("Investment", "Return", "What has to be paid first, and what comes back"),
    ),
    "Go-to-market": (
        ("Launch", "Channels", "When it starts, and how it gets there"),
        ("First customers", "Price and offer", "Who comes first, and on what terms"),
    ),
    "Implementation roadmap": (
        ("Milestones and dates", "Dependencies", "A date, and what it depends on"),
        ("Steps", "Resources", "A step, and what it needs"),
        ("Steps", "Milestones and dates", "A step and a date"),
    ),
}


def insights(
    framework: str,
    findings: Sequence[Finding],
    points: Sequence[DataPoint],
    gaps: Sequence[Gap],
    before: Sequence[Finding],
) -> list[str]:
    """Return what the new findings say together, with each other and with earlier ones."""
    found = [
        _pair(framework, findings),
        _agreement(findings, before),
        _figures(points),
        _one_sided(framework, findings, gaps),
    ]
    return [insight for insight in found if insight]


def _pair(framework: str, findings: Sequence[Finding]) -> str:
    for one, other, says in PAIRS.get(framework, ()):
        first = next((finding for finding in findings if finding.cell == one), None)
        second = next((finding for finding in findings if finding.cell == other), None)
        if first and second:
            return f"{says}: {_told(first)} Beside it: {_told(second)}"
    return ""


def _agreement(findings: Sequence[Finding], before: Sequence[Finding]) -> str:
    """Name the topic that two documents have in common, if it is a rare one."""
    everything = [*before, *findings]
    counts: dict[str, int] = {}
    for finding in everything:
        for word in sorted(stems_of(finding.text)):
            counts[word] = counts.get(word, 0) + 1
    best: tuple[int, int, Finding, Finding] | None = None
    for place, (one, other) in enumerate(combinations(everything, 2)):
        if other not in findings or one.citations[0].document == other.citations[0].document:
            continue
        shared = [word for word in stems_of(one.text) & stems_of(other.text) if counts[word] <= 4]
        if len(shared) >= 2 and (best is None or len(shared) > best[0]):
            best = (len(shared), place, one, other)
    if best is None:
        return ""
    _, _, one, other = best
    words = [
        word
        for word in _words(one.text)
        if stems_of(word) & stems_of(other.text) and counts.get(min(stems_of(word)), 9) <= 4
    ]
    topic = escape(" and ".join(words[:2]))
    return f"Two documents touch the same point ({topic}): {_told(one)} And: {_told(other)}"


def _figures(points: Sequence[DataPoint]) -> str:
    """Put two figures of one unit beside each other whose labels share two words."""
    for one, other in combinations([point for point in points if point.kind != "date"], 2):
        same_unit = one.kind == other.kind and one.unit == other.unit
        shared = stems_of(one.label) & stems_of(other.label)
        if (
            same_unit
            and len(shared) > 1
            and one.citation != other.citation
            and one.value != other.value
        ):
            return (
                f"Two figures to compare before either is used: {_figure(one)} and {_figure(other)}"
            ) + "."
    return ""


def _one_sided(framework: str, findings: Sequence[Finding], gaps: Sequence[Gap]) -> str:
    if not findings:
        return ""
    documents = list(dict.fromkeys(finding.citations[0].document for finding in findings))
    empty = ", ".join(gap.cell for gap in gaps)
    if gaps and len(gaps) > len({finding.cell for finding in findings}):
        return (
            f"The evidence for {framework} is one-sided: nothing new was found on {empty}. It rests on "
            f"this: {_told(findings[0])}"
        )
    if len(documents) == 1 and len(findings) > 2:
        return (
            f"All evidence for {framework} comes from one document, so it is worth a second "
            f"source: {_told(findings[0])}"
        )
    return ""


def _told(finding: Finding) -> str:
    return f"{ended(escape(finding.text, QUOTED))} {cite(finding.citations[0])}"


def _figure(point: DataPoint) -> str:
    return f"{escape(point.text)} ({escape(point.label, 90)}) {cite(point.citation)}"


def _words(text: str) -> list[str]:
    words = (word.strip(".,;:!?()'\"").lower() for word in text.split())
    return list(dict.fromkeys(word for word in words if is_content(word) and stems_of(word)))
