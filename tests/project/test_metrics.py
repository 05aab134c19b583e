"""Who may read the figures, what they cost, and what they say of runs and gates."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from project import metrics, middleware
from runs import census, counters, runner, sweep
from runs.api.throttles import PerUser
from runs.models import Gate, Run
from streams.counters import Counter
from streams.models import Stream
from tests.factories import advance, answer, make_gate, make_run, make_user, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
SECRET = "of the scraper"


@pytest.fixture(autouse=True)
def fresh() -> None:
    metrics.figures.forget()


@pytest.fixture
def scraper(settings: Settings) -> dict[str, str]:
    settings.METRICS_TOKEN = SECRET
    return {"Authorization": f"Bearer {SECRET}"}


def read() -> dict[str, dict[tuple[str, ...], float]]:
    """Return each sample by its name and the values of its labels."""
    metrics.figures.forget()
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(metrics.text("")[0].decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def many(count: int, **columns: Any) -> None:
    by = make_user()
    streams = Stream.objects.bulk_create(Stream() for _ in range(count))
    Run.objects.bulk_create(
        Run(kind="plan", created_by=by, stream=stream, **columns) for stream in streams
    )


def test_ten_thousand_runs_are_counted_in_a_moment(scraper):
    register("test")
    now = timezone.now()
    many(9000, state="completed", started_at=now, finished_at=now)
    many(500, state="queued")
    many(500, state="paused")
    Client().get("/metrics", headers=scraper)  # what is done once is done now
    spent = []
    for _ in range(5):
        metrics.figures.forget()
        begun = time.process_time()
        answer = Client().get("/metrics", headers=scraper)
        spent.append(time.process_time() - begun)

    assert 'cairn_runs{kind="plan",state="queued"} 500.0' in answer.content.decode()
    assert min(spent) < 0.1


def test_finished_runs_are_not_looked_at():
    """The history of an installation does not make its figures slower."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {census._UNFINISHED}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {census._UNFINISHED}")
        plan = str(cursor.fetchall())
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_seqscan")

    assert "runs_run_unfinished" in plan


def test_the_queue_is_as_old_as_the_run_that_has_waited_longest_for_a_worker():
    now = timezone.now()
    hour = timedelta(hours=1)
    first = make_run(queued_at=now - hour)
    make_run(queued_at=now - hour / 2)
    make_run(queued_at=now - 3 * hour, not_before=now + hour)  # its time has not come
    make_run(queued_at=now - 3 * hour, after=first)  # waits for another run, not for a worker

    (queued,) = census.take(now=now).queued

    assert (queued.kind, queued.count, queued.seconds) == ("test", 2, 3600)


def test_gates_that_wait_are_counted_with_the_oldest_and_those_past_their_deadline():
    now = timezone.now()
    make_gate()
    overdue = make_gate(now=now - timedelta(hours=3))
    answer(make_gate())
    Gate.objects.filter(pk=overdue.pk).update(created_at=now - timedelta(hours=3))

    (gates,) = census.take(now=timezone.now()).gates

    assert (gates.kind, gates.count, gates.overdue) == ("checkpoint", 2, 1)
    assert 3 * 3600 <= gates.seconds < 3 * 3600 + 60


def test_a_gate_that_expired_is_counted_by_what_followed():
    gate = make_gate(now=timezone.now() - timedelta(hours=3))
    before = counters.gates_expired["checkpoint", "expire"]

    sweep.sweep()

    gate.refresh_from_db()
    assert gate.state == "expired"
    assert counters.gates_expired["checkpoint", "expire"] == before + 1
    assert read()["cairn_runs_ended_total"]["test", "expired"] >= 1


def test_a_worker_that_was_silent_for_too_long_is_counted():
    gate = make_run()
    before = counters.leases_expired[()]
    make_claimed(gate)

    sweep.sweep()

    assert counters.leases_expired[()] == before + 1


def make_claimed(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(
        state="running",
        fence=1,
        attempts=1,
        lease_owner=run.pk,
        lease_until=timezone.now() - timedelta(seconds=1),
    )


async def _costly(context: Any) -> str:
    async def work(scope: Any) -> str:
        scope.usage = {"input_tokens": 100, "output_tokens": 20, "requests": 2, "cost_usd": 0.5}
        return "x"

    await context.step("think", work)
    raise RuntimeError("a bug")


def test_what_a_model_used_and_why_a_run_failed_is_counted_by_kind():
    advance(make_run(kind=register("costly", _costly), max_attempts=1))

    found = read()

    assert found["cairn_model_tokens_total"]["input", "costly"] == 100
    assert found["cairn_model_tokens_total"]["output", "costly"] == 20
    assert found["cairn_model_requests_total"]["costly",] == 2
    assert found["cairn_model_cost_usd_total"]["costly",] == 0.5
    assert found["cairn_step_seconds_count"]["costly",] == 1
    assert found["cairn_run_errors_total"]["internal", "costly"] == 1
    assert found["cairn_runs_ended_total"]["costly", "failed"] == 1
    assert found["cairn_run_seconds_count"]["costly",] == 1


def test_a_request_that_was_one_too_many_is_counted(user, monkeypatch):
    """Row 3-60."""
    # Other tests may have had so many answers that further kinds are counted together.
    monkeypatch.setattr(middleware, "answered", Counter())
    monkeypatch.setattr(PerUser, "THROTTLE_RATES", {"requests": "2/min", "runs": None})
    client = Client()
    client.force_login(user)
    before = read().get("cairn_limited_total", {}).get(("requests",), 0)

    statuses = [client.get("/api/v1/plans/").status_code for _ in range(3)]

    assert statuses[-1] == 429
    assert read()["cairn_limited_total"]["requests",] == before + statuses.count(429)
    assert middleware.answered["plan-list", "429"] >= 1


def test_without_a_database_the_figures_of_the_process_are_there(monkeypatch):
    def refuse(**_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(census, "take", refuse)

    found = read()

    assert found["cairn_database_up"] == {(): 0}
    assert "cairn_group_commit_size_count" in found
    assert "cairn_runs" not in found


def test_a_database_that_hangs_holds_up_one_scraper_alone(monkeypatch):
    asked, goes_on = threading.Event(), threading.Event()

    def hang(**_: object) -> census.Census:
        asked.set()
        goes_on.wait(20)
        return census.Census(runs=[], queued=[], gates=[])

    monkeypatch.setattr(census, "take", hang)
    monkeypatch.setattr(metrics, "PATIENCE", 0.01)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(read)
        assert asked.wait(20)
        second = read()
        goes_on.set()

    assert second["cairn_database_up"] == {(): 0}
    assert first.result()["cairn_database_up"] == {(): 1}


def test_a_runner_that_is_stuck_is_down_and_one_that_works_is_up(monkeypatch):
    running = runner.Runner()
    running.start()
    try:
        up = read()["cairn_runner_up"]
    finally:
        running.stop()

    assert up == {(): 1}
    assert "cairn_runner_up" not in read()
