"""One worker holds a run at a time, and only that one can write."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from runs import actions
from runs.clock import read
from runs.conf import run_settings
from runs.context import RunContext
from runs.lease import Lease, claim, renew
from runs.models import Step
from runs.sweep import reassign, sweep
from streams import log
from streams.exceptions import Fenced
from streams.models import MessageChunk
from tests.factories import (
    Noted,
    Said,
    advance,
    at_once,
    held,
    make_run,
    register,
    types,
)
from tests.runs.lease_support import HOUR, later

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_claims_at_once_one_wins():
    """Reliability 4."""
    run = make_run()

    leases = at_once(12, lambda _: claim(run.pk, 1))

    assert sum(isinstance(one, Lease) for one in leases) == 1, leases
    assert leases.count(None) == 11
    run.refresh_from_db()
    assert (run.state, run.fence, run.attempts) == ("running", 1, 1)
    assert types(run) == ["run_state"]


def test_a_duplicate_an_old_and_an_early_ticket_do_nothing():
    """Reliability 5."""
    run = make_run(segment=3, not_before=timezone.now() + timedelta(seconds=60))

    early = claim(run.pk, 3)
    old = claim(run.pk, 2, now=timezone.now() + timedelta(seconds=61))
    due = claim(run.pk, 3, now=timezone.now() + timedelta(seconds=61))
    duplicate = claim(run.pk, 3, now=timezone.now() + timedelta(seconds=61))

    assert (early, old, duplicate) == (None, None, None)
    assert due is not None
    assert claim(uuid.uuid4(), 1) is None


def test_a_worker_that_slept_through_its_lease_can_write_nothing():
    """Reliability 3: neither a step, nor a chunk, nor an event, nor the run's end."""
    run = make_run()
    zombie = held(run)
    assert reassign(run.pk, now=later(run))
    run.refresh_from_db()
    held(run)
    before = types(run)

    writes = [
        lambda: log.append(run.stream_id, [Noted()], fence=zombie.hold),
        lambda: log.append(
            run.stream_id, [Said(message_id=uuid.uuid4(), content="x")], fence=zombie.hold
        ),
        lambda: zombie.hold(progress=50),
    ]
    for write in writes:
        with pytest.raises(Fenced), transaction.atomic():
            write()

    run.refresh_from_db()
    assert (types(run), run.progress) == (before, 0)
    assert not MessageChunk.objects.exists()


@pytest.mark.usefixtures("real_threads")
def test_the_handler_of_a_lost_run_stops_without_a_trace():
    """Reliability 3."""

    async def handler(context: RunContext) -> str:
        async def work(scope: Any) -> str:
            await scope.emit(Noted(text="before"))
            await context.read(lambda: reassign(context.run.pk, now=timezone.now() + 2 * HOUR))
            await scope.emit(Noted(text="after"))
            return "x"

        await context.step("only", work)
        return "done"

    run = advance(make_run(kind=register("sleeps", handler)))

    assert run.state == "queued"
    assert types(run) == ["run_state", "test_noted", "run_reassigned"]
    assert Step.objects.get(run=run).finished_at is None


@pytest.mark.parametrize("off", [60, -60])
def test_a_worker_whose_clock_is_a_minute_off_changes_nothing(monkeypatch, off):
    """Reliability 6: times are compared on the database's clock."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=off))
    run, other = make_run(), make_run(not_before=real() + timedelta(seconds=30))

    lease = claim(run.pk, 1)
    repairs = sweep()

    assert lease is not None
    assert repairs.reassigned == 0
    run.refresh_from_db()
    assert run.lease_until is not None
    assert abs((run.lease_until - real()).total_seconds() - run_settings().lease_seconds) < 5
    assert claim(other.pk, 1) is None


def test_the_database_tells_the_time_in_utc():
    assert abs(read(None) - timezone.now()) < timedelta(seconds=2)


def test_renewing_extends_all_leases_of_a_process_and_says_which_are_lost_or_unwanted():
    kept, lost, unwanted = (make_run() for _ in range(3))
    owners = {run.pk: held(run).owner for run in (kept, lost, unwanted)}
    reassign(lost.pk, now=later(lost))
    actions.cancel(unwanted.pk)
    moment = timezone.now() + HOUR

    renewal = renew(owners.values(), now=moment)

    assert renewal.held == {owners[kept.pk], owners[unwanted.pk]}
    assert renewal.cancelled == {owners[unwanted.pk]}
    kept.refresh_from_db()
    assert kept.lease_until == moment + timedelta(seconds=run_settings().lease_seconds)


def test_a_renewed_lease_is_not_swept():
    run = make_run()
    lease = held(run)
    moment = later(run)
    renew([lease.owner], now=moment)

    assert sweep(now=moment).reassigned == 0
    run.refresh_from_db()
    assert run.state == "running"


def test_sweeps_in_parallel_repair_each_run_once():
    """Reliability 4."""
    runs = [make_run() for _ in range(5)]
    for run in runs:
        held(run)
    moment = later(runs[-1], seconds=60)

    repairs = at_once(6, lambda _: sweep(now=moment))

    assert sum(getattr(one, "reassigned", 0) for one in repairs) == 5, repairs
    for run in runs:
        run.refresh_from_db()
        assert (run.state, types(run)) == ("queued", ["run_state", "run_reassigned"])
