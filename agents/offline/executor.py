"""The executor: fills the cells of a framework and reads the figures."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from agents.offline import figures
from agents.offline.evidence import Passage
from agents.offline.framework import Cell, Framework
from agents.offline.inline import plain
from agents.offline.ledger import Ledger
from agents.offline.verifier import Candidate, Search
from agents.plans import DataPoint, Finding, Gap

FINDINGS_IN_CELL = 3
MORE_FIGURES, FIGURES = 16, 7  # data points beside those of the findings
SAME_DOCUMENT = 0.8  # what the next sentence of a document is worth beside the first
LEAST_SHARE = 0.3  # of the best one's score
ASIDE = re.compile(r"\s\([^()]*\)")
OPENER = re.compile(
    r"^(?:However|Therefore|Also|In addition|Furthermore|Moreover|Additionally),\s+"
)
# Words that may turn the meaning of a clause: it is never left out.
TURNS = re.compile(r"\b(?:not|no|only|unless|except|if|but|without|until|never)\b", re.IGNORECASE)
TAIL = re.compile(
    r",\s(?:which|who|where|as well as|including|such as|for example|e\.g\.)\s[^,;]*\.$"
)
LONG = 180
# Dates are in every change log; other figures say more about a decision.
WORTH = {"money": 0.5, "percent": 0.5, "quantity": 0.3, "duration": 0.3, "count": 0.2, "date": 0.0}


def fill(
    framework: Framework, found: Mapping[str, list[Candidate]], ledger: Ledger
) -> list[Finding]:
    """Give each sentence to the cell it fits best, in rounds, so that no cell takes them all."""
    chosen: dict[str, list[Candidate]] = {cell.name: [] for cell in framework.cells}
    findings: list[Finding] = []
    for _ in range(FINDINGS_IN_CELL):
        for cell in _by_best(framework, found, chosen, ledger):
            candidate = _best(found[cell.name], chosen[cell.name], ledger)
            if candidate is not None:
                finding = _finding(framework, cell, candidate.passage)
                chosen[cell.name].append(candidate)
                ledger.use(finding)
                findings.append(finding)
    order = [cell.name for cell in framework.cells]
    return sorted(findings, key=lambda finding: order.index(finding.cell))


def gaps(
    framework: Framework, findings: Iterable[Finding], remark: Callable[[Cell], str]
) -> list[Gap]:
    """Return the cells without findings, each with the task that would fill it, and a remark."""
    filled = {finding.cell for finding in findings}
    return [
        Gap(
            framework=framework.name,
            cell=cell.name,
            task=f"Find out {cell.ask}{remark(cell)}.",
        )
        for cell in framework.cells
        if cell.name not in filled
    ]


def data_points(
    findings: Sequence[Finding], passages: Iterable[Passage], search: Search, ledger: Ledger
) -> list[DataPoint]:
    """Return the figures of the findings, then the most relevant ones of other sentences."""
    by_key = {passage.key: passage for passage in search.evidence.passages}
    cited = [
        by_key[citation.document, citation.sentence]
        for finding in findings
        for citation in finding.citations
    ]
    points = ledger.take(point for passage in cited for point in _points(passage))
    room = MORE_FIGURES if search.assignment.more_figures else FIGURES
    others = [point for passage in passages if _may_have(passage) for point in _points(passage)]
    ranked = sorted(
        enumerate(others),
        key=lambda pair: (-WORTH[pair[1].kind] - _worth(pair[1], by_key, search), pair[0]),
    )
    for _, point in ranked:
        if room <= 0:
            break
        new = ledger.take([point])
        room -= len(new)
        points += new
    return points


def shortened(words: str) -> str:
    """Return a sentence without asides; what could turn its meaning is never left out."""
    text = OPENER.sub("", words)
    text = text[:1].upper() + text[1:]
    for pattern in (ASIDE, TAIL):
        for aside in list(pattern.finditer(text))[::-1]:
            if len(text) > LONG and not TURNS.search(aside[0]):
                end = "." if aside[0].endswith(".") else ""
                text = text[: aside.start()] + end + text[aside.end() :]
    return text


def _by_best(
    framework: Framework,
    found: Mapping[str, list[Candidate]],
    chosen: Mapping[str, list[Candidate]],
    ledger: Ledger,
) -> list[Cell]:
    def best(cell: Cell) -> float:
        candidate = _best(found[cell.name], chosen[cell.name], ledger)
        return candidate.score if candidate else 0.0

    return sorted(framework.cells, key=best, reverse=True)


def _best(
    found: Sequence[Candidate], chosen: Sequence[Candidate], ledger: Ledger
) -> Candidate | None:
    documents = [candidate.passage.document for candidate in chosen]
    best: tuple[float, Candidate] | None = None
    for candidate in found:
        value = candidate.score * SAME_DOCUMENT ** documents.count(candidate.passage.document)
        if best is not None and candidate.score <= best[0]:
            break
        if (best is None or value > best[0]) and ledger.is_new(candidate.passage):
            best = (value, candidate)
    if best is None or (chosen and best[0] < LEAST_SHARE * chosen[0].score):
        return None
    return best[1]


def _finding(framework: Framework, cell: Cell, passage: Passage) -> Finding:
    return Finding(
        framework=framework.name,
        cell=cell.name,
        text=shortened(plain(passage.text)),
        citations=(passage.citation(),),
    )


def _may_have(passage: Passage) -> bool:
    return passage.kind != "heading" and any(char.isdigit() for char in passage.text)


def _points(passage: Passage) -> tuple[DataPoint, ...]:
    return figures.data_points(passage.text, passage.citation(), is_row=passage.kind == "row")


def _worth(point: DataPoint, by_key: Mapping[tuple[str, int], Passage], search: Search) -> float:
    return search.relevance(by_key[point.citation.document, point.citation.sentence])
