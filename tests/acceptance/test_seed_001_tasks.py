"""A task's stream and status in process: what is refused, what is forgotten, what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User

from chat.models import ChatSession, Message
from runs.models import Run
from tests.acceptance.conftest import Open
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, start, work_off

NOBODYS = "00000000-0000-4000-8000-000000000000"  # an id that nothing has
pytestmark = pytest.mark.django_db(transaction=True)
ASK = {"action": "continue_conversation", "message": "How many?"}


async def answer(open_path: Open, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
    async with open_path(path, **more) as opened:
        return opened.status, (await opened.json())["error"]


async def test_a_stream_without_a_session_begins_one_and_names_the_task(
    open_path: Open, user: User
):
    """Rows 1-9, 1-42."""
    async with open_path("/api/chat/stream?message=How%20many%3F") as opened:
        first = await opened.next()
        session = await sync_to_async(ChatSession.objects.get)(created_by=user)
        await sync_to_async(work_off)(session)
        told = await opened.rest()

    assert first is not None
    run = await sync_to_async(Run.objects.get)(kind="reply")
    assert first.json["task_id"] == str(run.pk)
    assert first.json["session_id"] == str(session.pk)
    assert [one.type for one in told][-2:] == ["task_result", "task_completed"]
    async with open_path(first.json["stream_url"]) as opened:
        again = await opened.rest()
    assert [one.data for one in again[1:]] == [one.data for one in told]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "invalid"),
        ("?message=x&session_id=none", 400, "invalid"),
        (f"?message=x&session_id={NOBODYS}", 404, "not_found"),
        (f"?task_id={NOBODYS}", 404, "not_found"),
        ("?task_id=none", 404, "not_found"),
    ],
    ids=str,
)
async def test_what_is_not_there_is_told_before_a_byte_of_stream(
    open_path: Open, query: str, status: int, code: str
):
    """Row 1-21; traps T4, T10."""
    code_, error = await answer(open_path, f"/api/chat/stream{query}")

    assert (code_, error["code"]) == (status, code)
    assert await sync_to_async(ChatSession.objects.count)() == 0


async def test_the_task_of_somebody_else_is_not_streamed(open_path: Open, other: User):
    """Rows 1-17, 1-21; reliability 17."""
    run = await sync_to_async(lambda: ask(start(other), "How many?"))()

    assert (await answer(open_path, f"/api/chat/stream?task_id={run.pk}"))[0] == 404


async def test_only_a_get_follows_a_task(open_path: Open, user: User):
    """Conflict C8."""
    run = await sync_to_async(lambda: ask(start(user), "How many?"))()

    code, error = await answer(open_path, f"/api/chat/stream?task_id={run.pk}", method="POST")

    assert (code, error["code"]) == (405, "method_not_allowed")


async def test_a_forgotten_task_is_gone_from_both_addresses_and_its_history_is_not(
    open_path: Open, api: CheckedClient, user: User
):
    """Row 1-38; conflict C9."""
    run = await sync_to_async(lambda: ask(start(user), "How many?"))()
    assert (await sync_to_async(api.get)(f"/api/chat/status/{run.pk}")).status_code == 200
    assert run.finished_at is not None
    earlier = run.finished_at - timedelta(seconds=301)
    await sync_to_async(Run.objects.filter(pk=run.pk).update)(finished_at=earlier)

    status = await sync_to_async(api.get)(f"/api/chat/status/{run.pk}")
    code, _ = await answer(open_path, f"/api/chat/stream?task_id={run.pk}")

    assert (status.status_code, status.json(), code) == (404, {"error": "Task not found"}, 404)
    assert await sync_to_async(Message.objects.filter(run=run).count)() == 2
    async with open_path(f"/api/v1/runs/{run.pk}/events/") as opened:
        assert (await opened.rest())[-1].type == "run_completed"


async def test_whoever_asks_for_signals_is_told_where_the_parts_are(open_path: Open, user: User):
    """Row 4-16; conflict C3: in this dialect only on request, whatever the user prefers."""
    run = await sync_to_async(lambda: ask(start(user), "How many?"))()
    path = f"/api/chat/stream?task_id={run.pk}"

    async with open_path(f"{path}&mode=signal") as opened:
        signals = {one.type: one.json for one in await opened.rest()}

    assert "payload" not in signals["insight_generated"]
    assert {"message_id", "sequence"} < signals["insight_generated"].keys()
    assert {"message_id", "sequence"} < signals["task_result"].keys()


def test_whoever_may_only_look_asks_nothing(stranger: CheckedClient, user: User, other: User):
    """Reliability 17."""
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    session = start(user)

    refused = stranger.post("/api/chat", {**ASK, "session_id": str(session.pk)})

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert Message.objects.count() == 0
