"""Group commit: few transactions, each piece of work on its own, results after the commit."""

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from streams import log, sql
from streams.group import LARGEST, GroupWriter
from streams.models import Stream
from tests.databases import sqlite_only
from tests.factories import Noted, limit_pages, make_stream, text_that_does_not_fit

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 10


@pytest.fixture
def group() -> Iterator[GroupWriter]:
    writer = GroupWriter("test-writer")
    yield writer
    writer.close()


class Held:
    """Keeps the writer busy, so that what is submitted meanwhile becomes one group."""

    def __init__(self, group: GroupWriter) -> None:
        self._go = threading.Event()
        begun = threading.Event()

        def work() -> None:
            begun.set()
            self._go.wait(WAIT)

        self._future = group.submit(work)
        assert begun.wait(WAIT)

    def release(self) -> None:
        self._go.set()
        self._future.result(WAIT)


def add(stream: Stream) -> Callable[[], int]:
    return lambda: log.append(stream.pk, [Noted()])


def fail(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def commits(group: GroupWriter, work: Callable[[], object]) -> list[str]:
    """Return the transaction statements of the writer while `work` runs in this thread."""
    found: list[str] = []

    def watch() -> None:
        wrapped = connection.connection
        assert isinstance(wrapped, sqlite3.Connection)
        wrapped.set_trace_callback(
            lambda statement: found.append(statement) if statement == "COMMIT" else None
        )

    group.submit(watch).result(WAIT)
    work()
    return found


@sqlite_only("SQLite traces its statements")
def test_many_submitters_share_few_transactions(group):
    streams = [make_stream() for _ in range(40)]

    def burst() -> None:
        held = Held(group)
        with ThreadPoolExecutor(8) as pool:
            futures = list(pool.map(lambda stream: group.submit(add(stream)), streams))
        held.release()
        assert [future.result(WAIT) for future in futures] == [1] * 40

    made = commits(group, burst)

    assert len(made) <= 3


def test_a_group_has_a_largest_size(group):
    held = Held(group)
    futures = [group.submit(lambda: None) for _ in range(LARGEST + 5)]

    held.release()

    assert [future.result(WAIT) for future in futures] == [None] * (LARGEST + 5)


def test_a_failing_piece_takes_only_itself_back(group):
    streams = [make_stream() for _ in range(3)]

    def half() -> None:
        log.append(streams[1].pk, [Noted()])
        raise ZeroDivisionError

    held = Held(group)
    futures: list[Future[object]] = [
        group.submit(add(streams[0])),
        group.submit(half),
        group.submit(add(streams[2])),
    ]
    held.release()

    assert isinstance(futures[1].exception(WAIT), ZeroDivisionError)
    assert [futures[0].result(WAIT), futures[2].result(WAIT)] == [1, 1]
    assert [log.extent(stream.pk).last for stream in streams] == [1, 0, 1]


def test_a_piece_that_takes_itself_back_without_an_error_is_told_as_failed(group):
    stream = make_stream()

    def quietly() -> None:
        log.append(stream.pk, [Noted()])
        transaction.set_rollback(True)

    assert isinstance(group.submit(quietly).exception(WAIT), DatabaseError)
    assert log.extent(stream.pk).last == 0


def test_the_writer_outlives_even_an_exit(group):
    error = group.submit(fail(SystemExit(3))).exception(WAIT)

    assert isinstance(error, SystemExit)
    assert group.submit(add(make_stream())).result(WAIT) == 1


def test_results_are_told_after_the_commit(group):
    stream = make_stream()
    held = Held(group)
    futures = [group.submit(add(stream)) for _ in range(5)]
    seen = []
    for future in futures:
        future.add_done_callback(lambda _: seen.append(Stream.objects.get(pk=stream.pk)))

    held.release()
    futures[-1].result(WAIT)

    # The callbacks run in the writer's thread, outside of any transaction: all five are there.
    assert group.submit(lambda: None).result(WAIT) is None
    assert [one.last_position for one in seen] == [5] * 5


@sqlite_only("a full disk is imitated by a limit of pages")
def test_a_full_disk_reaches_every_waiter_and_the_writer_lives_on(group):
    streams = [make_stream() for _ in range(4)]

    def large() -> int:
        return log.append(streams[1].pk, [Noted(text=text_that_does_not_fit())])

    group.submit(lambda: limit_pages(1)).result(WAIT)
    held = Held(group)
    futures = [group.submit(add(streams[0])), group.submit(large), group.submit(add(streams[2]))]
    held.release()
    errors = [future.exception(WAIT) for future in futures]
    group.submit(lambda: limit_pages(2**30)).result(WAIT)

    assert isinstance(errors[1], OperationalError)
    # Whatever the database took back was told as failed, and nothing else was.
    told = [error is None for error in errors]
    assert [log.extent(stream.pk).last == 1 for stream in streams[:3]] == told
    assert group.submit(add(streams[3])).result(WAIT) == 1


def test_a_commit_that_fails_is_told_to_all_and_nothing_is_there(group):
    streams = [make_stream() for _ in range(3)]

    def poison() -> None:
        # A foreign key that the database checks at the commit, not before.
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys=ON")
            cursor.execute(
                "INSERT INTO streams_streamevent (stream_id, position, type, body, is_last) "
                "VALUES (%s, 1, 'x', '{}', %s)",
                [sql.key(uuid.uuid4()), False],
            )

    held = Held(group)
    futures = [group.submit(add(streams[0])), group.submit(poison), group.submit(add(streams[1]))]
    held.release()

    assert all(isinstance(future.exception(WAIT), DatabaseError) for future in futures)
    assert [log.extent(stream.pk).last for stream in streams[:2]] == [0, 0]
    assert group.submit(add(streams[2])).result(WAIT) == 1


@sqlite_only("PostgreSQL has no lock on the whole database")
def test_a_locked_database_is_an_error_for_all_who_wait_and_the_writer_lives_on(group):
    stream = make_stream()

    def impatient() -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50")

    group.submit(impatient).result(WAIT)
    with transaction.atomic():
        Stream.objects.update(created_at="2026-01-01T00:00Z")
        error = group.submit(add(stream)).exception(WAIT)

    assert isinstance(error, OperationalError)
    assert group.submit(add(stream)).result(WAIT) == 1


def test_an_error_while_telling_does_not_make_a_committed_write_a_failure(group):
    """Reliability 5."""
    stream = make_stream()

    def with_a_bad_hook() -> int:
        transaction.on_commit(fail(ZeroDivisionError()))
        return log.append(stream.pk, [Noted()])

    assert group.submit(with_a_bad_hook).result(WAIT) == 1
    assert log.extent(stream.pk).last == 1


def test_what_one_thread_submits_is_done_in_that_order_even_over_a_restart(group):
    stream = make_stream()
    order: list[int] = []

    def note(number: int) -> Callable[[], int]:
        def work() -> int:
            order.append(number)
            return log.append(stream.pk, [Noted()])

        return work

    futures: list[Future[int]] = []
    for number in range(60):
        futures.append(group.submit(note(number)))
        if number in (20, 40):
            closer = threading.Thread(target=group.close)
            closer.start()
    positions = [future.result(WAIT) for future in futures]
    closer.join(WAIT)

    assert order == list(range(60))
    assert positions == list(range(1, 61))


def test_closing_while_others_submit_loses_nothing_and_ends(group):
    stream = make_stream()
    futures: list[Future[int]] = []

    def submit() -> None:
        for _ in range(30):
            futures.append(group.submit(add(stream)))

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        group.close()
    for thread in threads:
        thread.join(WAIT)

    assert sorted(future.result(WAIT) for future in futures) == list(range(1, 121))


def test_a_cancelled_piece_is_not_done(group):
    stream = make_stream()
    held = Held(group)
    dropped, kept = group.submit(add(stream)), group.submit(add(stream))

    assert dropped.cancel()
    held.release()

    assert kept.result(WAIT) == 1


def test_closing_twice_or_before_the_first_write_is_harmless():
    writer = GroupWriter("never-used")

    writer.close()
    writer.close()
