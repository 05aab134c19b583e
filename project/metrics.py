"""Figures of an installation as Prometheus reads them.

What a process counts (`cairn_..._total`, histograms, connections) is its own: scrape every process
and add them up. What is in the database (`cairn_runs`, queues, gates) is the same in each: take
the largest. Labels are few and fixed; ids, names and texts are never among them.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from project import health, middleware
from runs import census, handlers
from runs import counters as runs
from runs.census import Census, Waiting
from runs.models import Gate, Run
from streams import counters, traffic
from streams.counters import Histogram, Labels
from streams.group import writer

REASONS = ("over", "cut", "rotated", "max_age", "signed_out", "forbidden", "error")
LIMITS = ("requests", "runs", "uploads", "streams")
FRESH_SECONDS = 2.0  # how long what the database said is told again
PATIENCE = 1.0  # seconds to wait for somebody else's question to it

logger = logging.getLogger(__name__)
Values = Iterable[tuple[Labels, float]]


def _counter(name: str, about: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = CounterMetricFamily(f"cairn_{name}", about, labels=labels)
    for key, value in values:
        family.add_metric(key, value)
    return family


def _from_zero(counter: counters.Counter, *labels: Sequence[str]) -> Values:
    """Return a counter with all combinations of its labels, so that a first one shows as growth."""
    return {**dict.fromkeys(product(*labels), 0.0), **dict(counter.items())}.items()


def _sum(name: str, about: str, counter: counters.Counter) -> Metric:
    """Return a counter without labels, which is there at zero as well."""
    return _counter(name, about, (), [((), counter[()])])


def _gauge(name: str, about: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = GaugeMetricFamily(f"cairn_{name}", about, labels=labels)
    for key, value in values:
        family.add_metric(key, value)
    return family


def _histogram(
    name: str, about: str, labels: tuple[str, ...], values: Iterable[tuple[Labels, Histogram]]
) -> Metric:
    family = HistogramMetricFamily(f"cairn_{name}", about, labels=labels)
    for key, histogram in values:
        buckets, total = histogram.read()
        family.add_metric(key, buckets, total)
    return family


def _alone(name: str, about: str, histogram: Histogram) -> Metric:
    return _histogram(name, about, (), [((), histogram)])


def _streams() -> Iterator[Metric]:
    totals = traffic.connections.totals()

    def each(figure: Callable[[traffic.Total], float]) -> Values:
        return [((dialect,), figure(total)) for dialect, total in totals.items()]

    by = ("dialect",)
    yield _gauge("stream_connections", "Open streams.", by, each(lambda one: one.open))
    yield _counter("stream_opened", "Streams that were opened.", by, each(lambda one: one.opened))
    yield _counter(
        "stream_ended",
        f"Streams that ended, and why: {', '.join(REASONS)}.",
        ("dialect", "reason"),
        _from_zero(traffic.ended, list(totals), REASONS),
    )
    yield _counter("stream_frames", "Frames that were sent.", by, each(lambda one: one.frames))
    yield _counter("stream_bytes", "Bytes that were sent.", by, each(lambda one: one.bytes))
    yield _alone("stream_seconds", "How long streams were open.", traffic.lasted)
    yield _alone(
        "stream_lag_seconds",
        "From writing an event, its commit included, to handing its frame to the server.",
        traffic.lag,
    )
    yield _counter("events", "Events that were committed.", ("type",), counters.events.items())
    yield _gauge("group_commit_waiting", "Writes that wait for one.", (), [((), writer.waiting)])
    yield _alone("group_commit_size", "Writes that shared one transaction.", counters.group_size)
    yield _alone(
        "group_commit_seconds", "How long such a transaction took.", counters.group_seconds
    )
    yield _sum(
        "group_commit_failed", "Transactions that the database refused.", counters.groups_failed
    )
    yield _counter(
        "hub_cuts",
        "How often a connection that listens to the database was lost or refused.",
        ("channel",),
        counters.listener_cuts.items(),
    )


def _runs() -> Iterator[Metric]:
    kind = ("kind",)
    ended = _from_zero(runs.ended, handlers.names(), sorted(Run.TERMINAL))
    yield _counter("runs_ended", "Runs that ended.", ("kind", "state"), ended)
    yield _histogram(
        "run_seconds", "From first start to end, waiting included.", kind, runs.run_seconds.items()
    )
    yield _histogram("step_seconds", "How long steps took.", kind, runs.step_seconds.items())
    yield _counter(
        "run_errors", "Failed tries, the last ones included.", ("kind", "code"), runs.errors.items()
    )
    yield _sum("leases_lost", "Leases that a worker found lost.", runs.leases_lost)
    yield _sum("leases_expired", "Runs taken from workers that were silent.", runs.leases_expired)
    yield _counter(
        "gates_expired",
        "Gates that nobody answered in time, and what followed.",
        ("kind", "policy"),
        _from_zero(runs.gates_expired, Gate.Kind.values, Gate.Expiry.values),
    )
    yield _counter(
        "model_tokens", "Tokens of language models.", ("kind", "direction"), runs.tokens.items()
    )
    yield _counter("model_requests", "Calls of models.", kind, runs.model_requests.items())
    yield _counter("model_cost_usd", "What models cost, if known.", kind, runs.cost.items())


def _requests() -> Iterator[Metric]:
    yield _counter(
        "requests", "Requests that were answered.", ("route", "status"), middleware.answered.items()
    )
    yield _histogram(
        "request_seconds",
        "From a request to the beginning of its answer.",
        ("route",),
        middleware.seconds.items(),
    )
    limited = _from_zero(counters.limited, LIMITS)
    yield _counter("limited", "Requests and streams over a limit.", ("limit",), limited)


def _worker() -> Iterator[Metric]:
    if (running := health.worker()) is not None:
        turns = float(not health.runner_trouble(running))
        yield _gauge("runner_up", "Whether the runner's loop turns.", (), [((), turns)])
        yield _gauge("runner_runs", "Runs being worked on here.", (), [((), running.load)])


def _database(found: Census | None) -> Iterator[Metric]:
    yield _gauge("database_up", "Whether the database answers.", (), [((), float(bool(found)))])
    if found is None:
        return
    by = ("kind",)
    yield _gauge(
        "runs",
        "Runs that have not ended.",
        ("kind", "state"),
        [((kind, state), count) for kind, state, count in found.runs],
    )

    def each(some: list[Waiting], figure: Callable[[Waiting], float]) -> Values:
        return [((one.kind,), figure(one)) for one in some]

    queued, gates = found.queued, found.gates
    yield _gauge(
        "queued_runs", "Runs a worker could take now.", by, each(queued, lambda q: q.count)
    )
    yield _gauge(
        "queue_age_seconds",
        "How long the first of them has waited.",
        by,
        each(queued, lambda one: one.seconds),
    )
    yield _gauge("gates_waiting", "Unanswered gates.", by, each(gates, lambda one: one.count))
    yield _gauge(
        "gate_age_seconds",
        "How long the oldest of them has waited.",
        by,
        each(gates, lambda one: one.seconds),
    )
    yield _gauge(
        "gates_overdue",
        "Gates whose deadline has passed and that nobody has closed.",
        by,
        each(gates, lambda one: one.overdue),
    )


class Figures(Collector):
    """Everything above, gathered when it is asked for."""

    def __init__(self) -> None:
        self._census: Census | None = None
        self._taken = float("-inf")
        self._lock = threading.Lock()

    def collect(self) -> Iterable[Metric]:
        for part in (_streams, _runs, _requests, _worker):
            yield from part()
        yield from _database(self._count())

    def _count(self) -> Census | None:
        """Return what the database says, for several that ask at once; None if it is silent."""
        if not self._lock.acquire(timeout=PATIENCE):
            return None  # it hangs: whoever asked first waits for it, and nobody else
        found = None
        try:
            if time.monotonic() - self._taken > FRESH_SECONDS:
                self._census = None
                self._census = census.take()
                self._taken = time.monotonic()
            found = self._census
        except DatabaseError:
            logger.warning("Not counted: the database does not answer")
        finally:
            self._lock.release()
        return found

    def forget(self) -> None:
        """Ask the database again next time."""
        self._taken = float("-inf")


figures = Figures()
registry = CollectorRegistry(auto_describe=False)
registry.register(figures)
ProcessCollector(namespace="cairn", registry=registry)


def text(accept: str) -> tuple[bytes, str]:
    """Return all figures in the form that is asked for, and its content type."""
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
