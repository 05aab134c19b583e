"""POST /api/plan: a goal in, a proposal out; and the durable wait of Python callers."""

import asyncio
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import AsyncClient
from rest_framework.authtoken.models import Token

from planning import sessions
from planning.api import sessions as endpoint
from planning.models import Plan
from runs import actions, gates
from streams import log
from tests.api import made, walking
from tests.api.server import Server

PATH = "/api/plan"
JSON = "application/json"
FORM = '--x\r\nContent-Disposition: form-data; name="goal"\r\n\r\nx\r\n--x--\r\n'


@pytest.mark.e2e
def test_a_goal_is_answered_with_a_proposal(ada: httpx.Client):
    """Rows 2-1, 2-77."""
    answer = walking.post(ada, PATH, {"goal": "Open a second bakery", "max_iterations": 3})

    body = answer.json()
    assert answer.status_code == 200
    assert (body["max_iterations"], body["checkpoint_interval"]) == (3, 2)
    assert body["proposal"].startswith("## Approach")
    gate = walking.get(ada, f"/api/v1/gates/{body['gate_id']}/")
    assert (gate["state"], gate["digest"]) == ("pending", body["digest"])
    assert walking.get(ada, body["plan_url"])["id"] == body["session_id"]


@pytest.mark.e2e
def test_the_same_key_gives_the_same_proposal(server: Server, ada: httpx.Client):
    """Api.md, Idempotency-Key."""
    goal, headers = walking.new_goal(), {"Idempotency-Key": "one proposal"}

    first, second = (
        walking.post(ada, PATH, {"goal": goal}, headers=headers).json() for _ in range(2)
    )

    assert first == second
    assert server.plans(goal) == 1


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "malformed"),
        ("[" * 100_000, "application/json", 400, "malformed"),
        (b'{"goal": "\xff"}', "application/json", 400, "malformed"),
        ('{"goal": Infinity}', "application/json", 400, "malformed"),
        ("[]", "application/json", 400, "invalid"),
        ("null", "application/json", 400, "invalid"),
        ('{"goal": ""}', "application/json", 400, "invalid"),
        ('{"goal": "x", "max_iterations": true}', "application/json", 400, "invalid"),
        ('{"goal": "x", "documents": ["unknown"]}', "application/json", 400, "invalid"),
        ('{"goal": "\\ud800"}', "application/json", 400, "invalid"),
        ('{"goal": "' + "x" * 300_000 + '"}', "application/json", 413, "too_large"),
        ('{"goal": "' + "x" * 10_000_000 + '"}', "application/json", 413, "too_large"),
        ("goal=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (FORM, "multipart/form-data; boundary=x", 415, "unsupported_media_type"),
        ("goal", "text/plain", 415, "unsupported_media_type"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_wrong_body_is_refused(
    ada: httpx.Client, session: httpx.Client, body: Any, kind: str, status: int, code: str
):
    """Reliability 20; row 3-61: the same for a token and for a browser."""
    crumb = session.cookies["csrftoken"]
    for client, more in ((ada, {}), (session, {"X-CSRFToken": crumb})):
        answer = client.post(PATH, content=body, headers={"Content-Type": kind, **more})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert len(answer.content) < 500


@pytest.mark.e2e
def test_a_browser_needs_its_crumb_and_a_token_does_not(
    server: Server, session: httpx.Client, ada: httpx.Client
):
    """Reliability 18."""
    goal = walking.new_goal()
    crumb = {"X-CSRFToken": session.cookies["csrftoken"]}

    refused = session.post(PATH, json={"goal": goal})

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf")
    assert server.plans(goal) == 0
    assert session.post(PATH, json={"goal": goal}, headers=crumb).status_code == 200
    assert ada.post(PATH, json={"goal": goal}).status_code == 200


@pytest.mark.e2e
def test_a_get_and_a_stranger_start_nothing(server: Server, ada: httpx.Client):
    """Reliability 17, 18."""
    goal = walking.new_goal()
    with server.client() as nobody:
        unknown = nobody.post(PATH, json={"goal": goal})
    wrong = ada.get(PATH, params={"goal": goal})
    assert (unknown.status_code, unknown.headers["WWW-Authenticate"]) == (401, "Token")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert server.plans(goal) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
async def test_a_slow_proposal_is_promised_with_its_session(
    user: User, monkeypatch: pytest.MonkeyPatch
):
    """Row 2-77: 202 while the engine works; nobody works here."""
    monkeypatch.setattr(endpoint, "PROPOSAL_SECONDS", 0.05)
    token = await sync_to_async(Token.objects.create)(user=user)
    headers = {"Authorization": f"Token {token.key}"}
    goal = {"goal": "Open a second bakery"}

    answer = await AsyncClient().post(PATH, goal, "application/json", headers=headers)

    plan = await sync_to_async(Plan.objects.get)()
    assert answer.status_code == 202
    assert answer.json() == {
        "session_id": str(plan.pk),
        "plan_url": f"/api/v1/plans/{plan.pk}/",
        "status": "processing",
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
@pytest.mark.parametrize(("decision", "expected"), [("approve", True), ("reject", False)])
async def test_a_caller_waits_for_a_decision_without_a_thread(
    user: User, decision: str, expected: bool
):
    """Rows 2-10, 2-35."""
    plan = await sync_to_async(made.plan)(user)
    gate = await sync_to_async(made.gate)(plan)
    waiting = asyncio.ensure_future(sessions.wait_for_checkpoint_approval(plan, 1))

    await sync_to_async(gates.answer)(
        gate.pk, by=user, decision=decision, digest=gate.digest, via="api"
    )

    assert await asyncio.wait_for(waiting, 10) is expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
@pytest.mark.parametrize(("decision", "expected"), [("approve", True), ("reject", False)])
async def test_a_caller_who_comes_after_the_log_was_cleared_learns_it_from_the_gate(
    user: User, decision: str, expected: bool
):
    """Row 2-35; reliability 10."""
    plan = await sync_to_async(made.plan)(user)
    gate = await sync_to_async(made.gate)(plan)

    def decide() -> None:
        gates.answer(gate.pk, by=user, decision=decision, digest=gate.digest, via="api")
        if expected:
            actions.cancel(plan.run_id)
        log.trim(plan.run.stream_id, keep_from=10**6)

    await sync_to_async(decide)()

    assert await sessions.wait_for_checkpoint_approval(plan, 1) is expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
async def test_too_many_starts_are_refused_before_anything_starts(user: User, rates: Any):
    """Row 3-60; reliability 20: one limit for all doors, and attaching is no start."""
    rates(runs="1/min")
    token = await sync_to_async(Token.objects.create)(user=user)
    headers = {"Authorization": f"Token {token.key}"}
    client, watch = AsyncClient(), "/api/execute-plan"
    first = await client.get(watch, {"goal": "one"}, headers=headers)
    again = await client.get(watch, {"goal": "one"}, headers=headers)

    late = [await client.get(watch, {"goal": "two"}, headers=headers)]
    for path in (PATH, "/api/v1/plans/"):
        late.append(await client.post(path, {"goal": "two"}, JSON, headers=headers))

    assert (first.status_code, again.status_code) == (200, 200)
    assert [one.status_code for one in late] == [429, 429, 429]
    assert all(0 < int(one["Retry-After"]) <= 61 for one in late)
    assert await sync_to_async(Plan.objects.count)() == 1
