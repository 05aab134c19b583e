"""One worker holds a run at a time, and only that one can write."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from runs import actions, lease
from runs.conf import run_settings
from runs.lease import claim
from runs.models import Run
from runs.sweep import reassign, sweep
from streams import log
from streams.exceptions import StreamClosed
from streams.models import StreamEvent
from tests.factories import (
    Noted,
    held,
    make_run,
    make_user,
    register,
    types,
)
from tests.runs.lease_support import HOUR, later

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_deleted_ticket_is_dispatched_again(worker):
    """Reliability 5: a crash between commit and wake leaves a queued row, and no ticket."""
    run = make_run()

    first = sweep(now=timezone.now() + timedelta(seconds=run_settings().stuck_seconds + 1))

    assert first.dispatched == 1
    assert worker.tickets == [(run.pk, 1)]
    assert sweep(now=timezone.now()).dispatched == 0  # young: its ticket may be on the way


def test_a_run_whose_time_has_not_come_is_not_dispatched(worker):
    make_run(not_before=timezone.now() + HOUR)

    assert sweep(now=timezone.now() + timedelta(minutes=30), stuck_seconds=0).dispatched == 0
    assert sweep(now=timezone.now() + 2 * HOUR).dispatched == 1


def test_a_ticket_is_handed_over_only_if_the_transaction_commits(worker, user):
    """Reliability 5."""
    kind = register("ticketed")

    with transaction.atomic():
        actions.start(kind, by=user)
        transaction.set_rollback(True)
    assert worker.tickets == []
    run = actions.start(kind, by=user)

    assert worker.tickets == [(run.pk, 1)]


def test_a_run_whose_workers_die_again_and_again_fails_and_says_so():
    """Reliability 7."""
    run = make_run(max_attempts=2)
    for _ in range(2):
        run.refresh_from_db()
        held(run)
        reassign(run.pk, now=later(run))

    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", "worker_lost")
    assert types(run)[-1] == "run_failed"
    assert "lost 2 times" in run.error_message


def test_a_lost_run_that_was_to_be_cancelled_ends():
    run = make_run()
    held(run)
    actions.cancel(run.pk)

    reassign(run.pk, now=later(run))

    run.refresh_from_db()
    assert run.state == "cancelled"


def test_one_run_that_cannot_be_repaired_does_not_keep_the_others_from_it(caplog):
    def fail(run: Run) -> None:
        raise ZeroDivisionError

    broken = make_run(kind=register("broken-end", run_ended=fail), max_attempts=1)
    fine = make_run()
    held(broken)
    held(fine)

    repairs = sweep(now=later(fine, seconds=60))

    assert repairs.reassigned == 1
    assert "Could not repair reassign" in caplog.text
    broken.refresh_from_db()
    assert broken.state == "running"


def test_a_run_of_a_kind_nobody_knows_any_more_can_be_cancelled_and_swept():
    queued, running = make_run(kind="gone"), make_run(kind="gone", max_attempts=1)
    held(running)

    actions.cancel(queued.pk)
    sweep(now=later(running))

    queued.refresh_from_db()
    running.refresh_from_db()
    assert (queued.state, running.state) == ("cancelled", "failed")


def test_a_run_whose_stream_has_ended_cannot_be_claimed():
    run = make_run()
    log.append(run.stream_id, [Noted()], close=True)

    with pytest.raises(StreamClosed):
        claim(run.pk, 1)

    run.refresh_from_db()
    assert run.state == "queued"


def test_the_database_refuses_a_lease_without_running_and_running_without_a_lease():
    run = make_run()

    for columns in ({"state": "running"}, {"lease_owner": uuid.uuid4()}, {"progress": 101}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.filter(pk=run.pk).update(**columns)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (lambda: Run.objects.claimable(), "runs_run_queued"),
        (lambda: Run.objects.filter(state="running", lease_until__lte=timezone.now()), "leased"),
        (lambda: StreamEvent.objects.filter(stream=uuid.uuid4(), position__gt=3), "one_for_each"),
    ],
)
def test_the_queries_that_run_all_the_time_use_their_index(query, index):
    with transaction.atomic(), connection.cursor() as cursor:
        sql, params = query().query.sql_with_params()
        if connection.vendor == "postgresql":  # small tables are otherwise read as a whole
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        else:
            index = index.replace("one_for_each", "position>?")
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert index in plan


def test_the_lease_module_takes_no_owner_twice():
    first, second = held(make_run(make_user())), held(make_run(make_user()))

    assert first.owner != second.owner
    assert lease.Lease.__slots__ == ("run_id", "stream_id", "owner", "fence")
