"""What a plan has used already, so that nothing is told twice."""

from collections.abc import Iterable

from agents.offline.evidence import Passage
from agents.offline.terms import stems_of
from agents.plans import DataPoint, Finding, Gap, IterationResult

# Sentences that share more of their words than this say the same.
SAME = 0.6


def key_of(point: DataPoint) -> tuple[str, int, str]:
    """Return what makes a data point unique: the cited sentence and the figure as written."""
    return point.citation.document, point.citation.sentence, point.text


def unique_points(results: Iterable[IterationResult]) -> list[DataPoint]:
    points = {key_of(point): point for result in results for point in result.data_points}
    return list(points.values())


def distinct_frameworks(results: Iterable[IterationResult]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for result in results for name in result.frameworks))


def open_gaps(results: Iterable[IterationResult]) -> list[Gap]:
    """Return the gaps that no later iteration has filled, each once."""
    gaps: dict[tuple[str, str], Gap] = {}
    for result in results:
        gaps |= {(gap.framework, gap.cell): gap for gap in result.gaps}
        for finding in result.findings:
            gaps.pop((finding.framework, finding.cell), None)
    return list(gaps.values())


class Ledger:
    """The sentences and figures that were used by earlier iterations and by this one."""

    def __init__(self, earlier: Iterable[IterationResult]) -> None:
        results = list(earlier)
        self._sentences: set[tuple[str, int]] = set()
        self._stems: list[frozenset[str]] = []
        self._points = {key_of(point) for point in unique_points(results)}
        for finding in (finding for result in results for finding in result.findings):
            self.use(finding)

    def use(self, finding: Finding) -> None:
        for citation in finding.citations:
            self._sentences.add((citation.document, citation.sentence))
            self._stems.append(stems_of(citation.quote))

    def is_new(self, passage: Passage) -> bool:
        """Tell whether neither this sentence nor one that says the same was used."""
        if passage.key in self._sentences:
            return False
        return not any(_alike(passage.stems, used) for used in self._stems)

    def take(self, points: Iterable[DataPoint]) -> list[DataPoint]:
        """Return the points that are new, and remember them."""
        new = [point for point in points if key_of(point) not in self._points]
        self._points |= {key_of(point) for point in new}
        return new


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared > SAME * len(one | other) if shared else False
