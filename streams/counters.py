"""Figures of this process: plain numbers, counted where things happen, read by who asks for them.

Counting is for busy places: it takes a lock for a moment and looks up little. Nothing is counted
for each token, but for each batch of them. Labels are few and fixed: never an id or a text.
"""

import threading
from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

MOST = 100  # label sets of one figure; those that come later share one, `other`
OTHER = "other"

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
LONG = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0)
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)

Labels = tuple[str, ...]


class Typed(Protocol):
    type: str


class Counter:
    """Sums that only grow, one for each set of labels."""

    def __init__(self) -> None:
        self._sums: dict[Labels, float] = {}
        self._lock = threading.Lock()

    def add(self, *labels: str, by: float = 1) -> None:
        with self._lock:
            key = _bounded(self._sums, labels)
            self._sums[key] = self._sums.get(key, 0) + by

    def items(self) -> list[tuple[Labels, float]]:
        with self._lock:
            return list(self._sums.items())

    def __getitem__(self, labels: Labels) -> float:
        return self._sums.get(labels, 0)


class Histogram:
    """How often values were at most as large as each of some bounds, and their sum."""

    def __init__(self, bounds: Sequence[float] = QUICK) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0
        self._lock = threading.Lock()

    def add(self, value: float) -> None:
        at = bisect_left(self._bounds, value)
        with self._lock:
            self._counts[at] += 1
            self._sum += value

    def read(self) -> tuple[list[tuple[str, float]], float]:
        """Return how many values were at most each bound, all of them last, and the sum."""
        with self._lock:
            counts, total = list(self._counts), self._sum
        buckets: list[tuple[str, float]] = []
        below = 0
        for bound, count in zip([*map(str, self._bounds), "+Inf"], counts, strict=True):
            below += count
            buckets.append((bound, below))
        return buckets, total


class Histograms:
    """A histogram for each label."""

    def __init__(self, bounds: Sequence[float] = QUICK) -> None:
        self._bounds = bounds
        self._by_label: dict[Labels, Histogram] = {}
        self._lock = threading.Lock()

    def of(self, label: str) -> Histogram:
        """Return the label's histogram, for callers that keep it."""
        with self._lock:
            key = _bounded(self._by_label, (label,))
            return self._by_label.setdefault(key, Histogram(self._bounds))

    def add(self, label: str, value: float) -> None:
        self.of(label).add(value)

    def items(self) -> list[tuple[Labels, Histogram]]:
        with self._lock:
            return list(self._by_label.items())


def _bounded(known: Mapping[Labels, object], labels: Labels) -> Labels:
    """Return the labels, or those that stand for all later ones when there are too many."""
    if labels in known or len(known) < MOST:
        return labels
    return (OTHER,) * len(labels)


class Events:
    """How many events of each type this process has committed."""

    def __init__(self) -> None:
        self._tally: Tally[str] = Tally()
        self._lock = threading.Lock()

    def add(self, grown: Iterable[Sequence[Typed]]) -> None:
        """Count what was committed, all of a transaction at once."""
        types = [row.type for rows in grown for row in rows]
        with self._lock:
            self._tally.update(types)

    def items(self) -> list[tuple[Labels, float]]:
        with self._lock:
            return [((type_,), count) for type_, count in self._tally.items()]


events = Events()
group_size = Histogram(SIZES)  # pieces of work in one transaction
group_seconds = Histogram()
groups_failed = Counter()  # that the database refused, wholly or a piece of them
limited = Counter()  # by limit: requests and streams that were one too many
listener_cuts = Counter()  # by channel: how often the connection was lost or refused


def group_ended(size: int, seconds: float, *, is_refused: bool) -> None:
    if not size:  # a writer that ends
        return
    group_size.add(size)
    group_seconds.add(seconds)
    if is_refused:
        groups_failed.add()
