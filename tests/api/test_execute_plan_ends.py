"""How a plan ends in the planning dialect: always with `complete`, and nothing after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIHandler
from rest_framework.authtoken.models import Token

from planning.models import Plan
from runs import actions, gates
from runs.events import Failure
from runs.execution import fail
from runs.models import Gate
from streams import log
from tests.api import made
from tests.factories import held
from tests.sse_client import AsgiStream, Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def rejected(plan: Plan) -> None:
    gate = made.gate(plan)
    gates.answer(
        gate.pk,
        by=plan.created_by,
        decision="reject",
        digest=gate.digest,
        via="web",
        comment="Too dear.",
    )


def expired(plan: Plan) -> None:
    gate = made.gate(plan)
    assert gates.expire(gate.pk, now=Gate.objects.get(pk=gate.pk).deadline + timedelta(seconds=1))


def failed(plan: Plan) -> None:
    fail(held(plan.run), Failure(code="scripted", message="The model is gone."))


def cancelled(plan: Plan) -> None:
    actions.cancel(plan.run_id)


ENDS: list[tuple[Callable[[Plan], None], list[str]]] = [
    (rejected, ["checkpoint_rejected", "complete"]),
    (expired, ["checkpoint_expired", "complete"]),
    (failed, ["error", "complete"]),
    (cancelled, ["planning_cancelled", "complete"]),
]


async def follow(plan: Plan, query: str = "", last_id: str = "") -> tuple[int, list[Message]]:
    token, _ = await sync_to_async(Token.objects.get_or_create)(user=plan.created_by)
    headers = {"Authorization": f"Token {token.key}"} | (
        {"Last-Event-ID": last_id} if last_id else {}
    )
    path = f"/api/execute-plan?session_id={plan.pk}{query}"
    async with AsgiStream(ASGIHandler(), path, headers=headers) as stream:
        return stream.status, await stream.rest()


@pytest.mark.parametrize(("end", "told"), ENDS, ids=lambda value: getattr(value, "__name__", ""))
async def test_an_end_is_told_and_then_complete(
    user: User, end: Callable[[Plan], None], told: list[str]
):
    """Rows 2-25, 2-26, 2-28, 2-29, 2-60, 2-72; trap T13."""
    plan = await sync_to_async(made.plan)(user)
    await sync_to_async(end)(plan)

    _, messages = await follow(plan)

    assert [one.type for one in messages] == ["session", *told]
    _, named = await follow(plan, "&named=1")
    assert [one.event for one in named] == [
        "planning_error" if one.type == "error" else one.type for one in messages
    ]
    if end is rejected:
        assert messages[1].json["comment"] == "Too dear."
    if end is failed:
        assert messages[1].json == {"type": "error", "error": "The model is gone."}


@pytest.mark.parametrize("end", [one for one, _ in ENDS], ids=lambda value: value.__name__)
async def test_a_browser_that_reconnects_after_the_end_is_told_to_stop(
    user: User, end: Callable[[Plan], None]
):
    """Row 2-60; trap T5: 204 ends an EventSource, and no plan starts."""
    plan = await sync_to_async(made.plan)(user)
    await sync_to_async(end)(plan)
    _, messages = await follow(plan)

    status, again = await follow(plan, "&goal=Open+a+second+bakery", messages[-1].id)

    assert (status, again) == (204, [])
    assert await sync_to_async(Plan.objects.count)() == 1


async def test_a_reader_of_a_log_that_was_cleared_is_told_of_the_gap(user: User):
    """Reliability 10: never a silent gap, in this dialect either."""
    plan = await sync_to_async(made.plan)(user)
    await sync_to_async(rejected)(plan)
    last = (await follow(plan))[1][-1].id
    await sync_to_async(log.trim)(plan.run.stream_id, keep_from=int(last))

    _, messages = await follow(plan)

    session = messages[0].json
    assert (session["resume"], session["from"], session["to"]) == ("snapshot", 1, int(last) - 1)
    assert [one.type for one in messages[1:]] == ["complete"]


async def test_a_plan_that_needs_a_second_approval_is_followed_without_one(user: User):
    """Design 6, quorum: a reconnect counts no vote twice, and is no error."""
    plan = await sync_to_async(made.plan)(user)
    gate = await sync_to_async(made.proposal)(plan, quorum=2)
    token = await sync_to_async(Token.objects.create)(user=user)
    headers = {"Authorization": f"Token {token.key}"}
    path = f"/api/execute-plan?session_id={plan.pk}"
    for _ in range(2):
        async with AsgiStream(ASGIHandler(), path, headers=headers) as stream:
            assert stream.status == 200

    await sync_to_async(gate.refresh_from_db)()
    assert gate.state == "pending"
    assert await sync_to_async(gate.answers.count)() == 1


async def test_whoever_only_follows_approves_nothing(user: User, other: User):
    """Reliability 19: an approver who looks has not approved."""
    plan = await sync_to_async(made.plan)(user)
    gate = await sync_to_async(made.proposal)(plan)
    other.is_superuser = True
    await sync_to_async(other.save)()
    token = await sync_to_async(Token.objects.create)(user=other)
    headers = {"Authorization": f"Token {token.key}"}

    path = f"/api/execute-plan?session_id={plan.pk}"
    async with AsgiStream(ASGIHandler(), path, headers=headers) as stream:
        assert stream.status == 200

    await sync_to_async(gate.refresh_from_db)()
    assert gate.state == "pending"


async def test_four_eyes_hold_at_the_stream_as_well(user: User):
    """Reliability 19."""
    plan = await sync_to_async(made.plan)(user)
    await sync_to_async(made.proposal)(plan, owner_may_answer=False)
    token = await sync_to_async(Token.objects.create)(user=user)
    headers = {"Authorization": f"Token {token.key}"}

    path = f"/api/execute-plan?session_id={plan.pk}"
    async with AsgiStream(ASGIHandler(), path, headers=headers) as stream:
        assert stream.status == 403
        assert (await stream.json())["error"]["code"] == "not_allowed"
