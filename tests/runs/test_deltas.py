"""Pieces of text of many runs in one write: each fenced, each in its place, in few statements."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from runs import deltas
from runs.lease import Lease
from runs.models import Run
from streams import log
from streams.events import ContentDelta
from streams.exceptions import Fenced, StreamClosed
from streams.models import MessageChunk, Stream
from tests.factories import Noted, held, make_run

pytestmark = pytest.mark.django_db(transaction=True)


def piece(lease: Lease, sequence: int = 1, text: str = "a") -> deltas.Piece:
    return lease, ContentDelta(message_id=lease.run_id, sequence=sequence, content=text)


def write(*pieces: deltas.Piece) -> list[str]:
    with transaction.atomic():
        return [type(outcome).__name__ for outcome in deltas.write(pieces)]


def told(lease: Lease) -> list[str | None]:
    rows = log.read_after(lease.stream_id, 0, 100)
    return [row.content for row in rows if row.type == "content_delta"]


def test_each_piece_goes_to_its_own_stream_with_the_next_position():
    leases = [held(make_run()) for _ in range(3)]
    log.append(leases[1].stream_id, [Noted()])

    outcomes = write(*(piece(lease, text=str(number)) for number, lease in enumerate(leases)))

    assert outcomes == ["NoneType"] * 3
    assert [told(lease) for lease in leases] == [["0"], ["1"], ["2"]]
    assert [log.last_position(lease.stream_id) for lease in leases] == [2, 3, 2]
    rows = log.read_after(leases[1].stream_id, 2, 10)
    assert [row.run for row in rows] == [leases[1].run_id.hex]


def test_a_piece_of_a_lost_run_is_refused_and_the_others_are_written():
    """Reliability 3."""
    leases = [held(make_run()) for _ in range(3)]
    Run.objects.filter(pk=leases[1].run_id).update(fence=99)
    Stream.objects.filter(pk=leases[2].stream_id).update(closed_at="2026-01-01T00:00:00Z")

    outcomes = write(*map(piece, leases))

    assert outcomes == ["NoneType", Fenced.__name__, StreamClosed.__name__]
    assert [len(told(lease)) for lease in leases] == [1, 0, 0]
    assert MessageChunk.objects.count() == 1


def test_nothing_of_it_is_kept_if_the_transaction_is_taken_back():
    lease = held(make_run())
    with transaction.atomic():
        deltas.write([piece(lease)])
        transaction.set_rollback(True)

    assert told(lease) == []
    assert log.last_position(lease.stream_id) == 1


def test_many_pieces_cost_as_many_statements_as_one():
    leases = [held(make_run()) for _ in range(40)]
    with CaptureQueriesContext(connection) as one:
        write(piece(leases[0]))
    with CaptureQueriesContext(connection) as many:
        write(*(piece(lease, 2) for lease in leases))

    # On SQLite 40 rows are 32 and 8: of chunks and of events, one statement more of each.
    assert len(many) == len(one) + (2 if connection.vendor == "sqlite" else 0)


def test_more_pieces_than_fit_into_a_statement_are_written_all_the_same(monkeypatch):
    monkeypatch.setattr("runs.lease.AT_ONCE", 2)
    monkeypatch.setattr("streams.rows.AT_ONCE", 2)
    leases = [held(make_run()) for _ in range(5)]

    assert write(*map(piece, leases)) == ["NoneType"] * 5
    assert [len(told(lease)) for lease in leases] == [1] * 5


def test_a_stream_that_is_not_there_is_told_as_closed():
    lease = held(make_run())
    elsewhere = Lease(run_id=lease.run_id, stream_id=uuid4(), owner=lease.owner, fence=lease.fence)

    assert write(piece(elsewhere)) == ["StreamClosed"]
