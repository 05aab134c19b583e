"""Who may read the figures, what they cost, and what they say of runs and gates."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import AsyncClient, Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from project import metrics, middleware
from runs import census, counters, runner, sweep, vital_signs
from runs.api.throttles import PerUser
from runs.models import Gate, Run
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


def token_of(**columns: Any) -> dict[str, str]:
    user = User.objects.create_user(f"user-{len(columns)}", **columns)
    return {"Authorization": f"Token {Token.objects.create(user=user).key}"}


def test_nobody_reads_the_figures_who_is_not_staff_and_has_not_the_token(scraper):
    """Reliability 17."""
    nobody = Client().get("/metrics")
    wrong = Client().get("/metrics", headers={"Authorization": "Bearer of another"})
    as_user = Client().get("/metrics", headers={"Authorization": f"Token {SECRET}"})
    person = Client().get("/metrics", headers=token_of())

    assert [one.status_code for one in (nobody, wrong, as_user, person)] == [401, 401, 401, 403]
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    assert "CAIRN_METRICS_TOKEN" in nobody.json()["error"]["message"]
    assert all(b"cairn_" not in one.content for one in (nobody, wrong, as_user, person))


def test_an_installation_without_a_token_of_its_own_takes_none(settings):
    settings.METRICS_TOKEN = ""

    for given in ("Bearer", "Bearer ", "Bearer None"):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 401


def test_the_token_staff_tokens_and_staff_sessions_read_the_figures(scraper):
    signed_in = Client()
    signed_in.force_login(User.objects.create_user("root", is_staff=True))

    answers = [
        Client().get("/metrics", headers=scraper),
        Client().get("/metrics", headers=token_of(is_staff=True)),
        signed_in.get("/metrics"),
    ]

    for one in answers:
        assert one.status_code == 200
        assert one.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "no-store" in one.headers["Cache-Control"]
        assert b"cairn_database_up 1.0" in one.content


def test_a_scraper_may_ask_for_the_newer_form(scraper):
    asked = {**scraper, "Accept": "application/openmetrics-text;version=1.0.0"}

    answer = Client().get("/metrics", headers=asked)

    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")


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


def test_a_runner_that_is_stuck_is_down_and_one_that_works_is_up(monkeypatch):
    running = runner.Runner()
    running.start()
    try:
        up = read()["cairn_runner_up"]
    finally:
        running.stop()

    assert up == {(): 1}
    assert "cairn_runner_up" not in read()


async def test_each_answer_has_the_id_of_its_request():
    client = AsyncClient()
    taken = await client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})
    forged = await client.get("/healthz", headers={"X-Request-ID": "two words, and more"})
    own = await client.get("/healthz")

    assert taken.headers["X-Request-ID"] == "proxy-0123456789"
    assert len({own.headers["X-Request-ID"], forged.headers["X-Request-ID"]}) == 2
    assert len(own.headers["X-Request-ID"]) == len(forged.headers["X-Request-ID"]) == 32


async def ask(port: int, authorization: str = "") -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    line = f"Authorization: {authorization}\r\n" if authorization else ""
    writer.write(f"GET /metrics HTTP/1.1\r\nHost: x\r\n{line}\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return head, body


async def test_a_worker_answers_who_has_the_token(scraper, unused_tcp_port):
    async with vital_signs.answering("127.0.0.1", unused_tcp_port, {}):
        refused, hint = await ask(unused_tcp_port)
        head, body = await ask(unused_tcp_port, scraper["Authorization"])

    assert refused.startswith(b"HTTP/1.1 401 Unauthorized")
    assert b"cairn_" not in hint
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Type: text/plain" in head
    assert b"cairn_database_up 1.0" in body
