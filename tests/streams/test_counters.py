"""Figures of a process: counted where things happen, bounded, and only what is so."""

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError, transaction

from streams import counters, log
from streams.exceptions import Fenced
from streams.group import GroupWriter
from streams.models import Stream
from tests.factories import Noted

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 10


@pytest.fixture
def group() -> Iterator[GroupWriter]:
    writer = GroupWriter("test-writer")
    yield writer
    writer.close()


def sizes() -> tuple[float, float]:
    """Return how many groups there were, and how many pieces in all."""
    buckets, total = counters.group_size.read()
    return buckets[-1][1], total


def test_each_group_is_counted_with_its_size_and_what_waits_is_known(group):
    go, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go.wait(WAIT)

    before = sizes()
    first = group.submit(work)
    assert begun.wait(WAIT)
    others = [group.submit(lambda: None) for _ in range(3)]
    waiting = group.waiting
    go.set()
    for one in [first, *others]:
        one.result(WAIT)
    group.close()
    after = sizes()

    assert waiting == 3
    assert (after[0] - before[0], after[1] - before[1]) == (2, 4)


def refuse() -> None:
    raise OperationalError("The disk is full.")


def lose() -> None:
    raise Fenced("Another has the run.")


def test_what_the_database_refused_is_counted_and_a_lost_lease_is_not(group, monkeypatch):
    before = counters.groups_failed[()]

    with pytest.raises(Fenced):
        group.submit(lose).result(WAIT)
    lost = counters.groups_failed[()] - before
    with pytest.raises(OperationalError):
        group.submit(refuse).result(WAIT)
    refused = counters.groups_failed[()] - before
    monkeypatch.setattr("streams.group.mend_connections", refuse)
    with pytest.raises(OperationalError):
        group.submit(lambda: None).result(WAIT)

    assert (lost, refused, counters.groups_failed[()] - before) == (0, 1, 2)


def test_only_events_that_were_committed_are_counted():
    stream = Stream.objects.create()
    before = dict(counters.events.items()).get(("test_noted",), 0)
    log.append(stream.pk, [Noted(), Noted()])
    after = dict(counters.events.items())["test_noted",]
    with transaction.atomic():
        log.append(stream.pk, [Noted()])
        transaction.set_rollback(True)

    assert after - before == 2
    assert dict(counters.events.items())["test_noted",] == after


def test_labels_that_grow_without_end_share_one():
    counter = counters.Counter()
    for number in range(counters.MOST * 2):
        counter.add(f"label {number}")

    assert len(counter.items()) == counters.MOST + 1
    assert counter["other",] == counters.MOST


def test_a_histogram_counts_each_value_once_and_all_bounds_above_it():
    histogram = counters.Histogram((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 9.0):
        histogram.add(value)

    assert histogram.read() == ([("1.0", 2), ("2.0", 3), ("+Inf", 4)], 12.0)
