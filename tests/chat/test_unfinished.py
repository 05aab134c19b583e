"""What a page is given of a reply that is still being told."""

import json
from typing import Any
from uuid import uuid4

import pytest

from chat import events, posting, shapes, unfinished
from chat.models import ChatSession, Message
from streams import hub, log
from streams.events import Event
from tests.chat.recording import Recorder
from tests.chat.talking import ask, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


@pytest.fixture
def session() -> ChatSession:
    return start()


def being_written(session: ChatSession) -> Message:
    """Return a reply that a worker is writing, as far as the rows know."""
    posted = posting.post_message(session, "Hello?", by=session.created_by)
    return Message.objects.create(
        session=session,
        branch=session.active_branch,
        turn=posted.message.turn,
        role=Message.Role.ASSISTANT,
        status=Message.Status.STREAMING,
        run=posted.run,
    )


def tell(message: Message, *told: Event) -> None:
    log.append(message.session.stream_id, told, run_id=message.run_id)


def part(
    kind: type[events.PartReady], message: Message, data: Any, **more: Any
) -> events.PartReady:
    content = json.dumps(data)
    common: dict[str, Any] = {"reply_id": message.pk, "duration_ms": 1, "content": content}
    return kind(message_id=uuid4(), **common, **more)


def test_parts_are_given_as_the_row_will_have_them(session):
    message = being_written(session)
    intent: dict[str, Any] = {
        "intent_type": "HELP",
        "confidence": 1.0,
        "reasoning": "why",
        "plot": {"kind": "none"},
    }
    files = [part(events.ReferenceRead, message, {"path": one, "text": "long"}) for one in "ab"]
    tell(
        message,
        events.IntentParsed(reply_id=message.pk, duration_ms=1, **intent),
        part(events.QueryExecuted, message, {"sql": "SELECT 1"}, row_count=1),
        *files,
    )

    (shown,) = [one for one in shapes.snapshot(session)["messages"] if one["id"] == str(message.pk)]

    assert shown["parts"] == {
        "tools": [],
        "intent": intent,
        "query": {"sql": "SELECT 1"},
        "references": [
            {"path": "a", "message_id": str(files[0].message_id)},
            {"path": "b", "message_id": str(files[1].message_id)},
        ],
    }


@pytest.mark.parametrize(("error", "state"), [("", "finished"), ("no such file", "failed")])
def test_a_tool_is_running_until_it_has_told_its_result(session, error, state):
    message = being_written(session)
    call: dict[str, Any] = {"call_id": "c1", "tool": "save_file", "arguments": {"path": "a"}}
    tell(message, events.ToolStarted(reply_id=message.pk, approval="given", **call))
    (before,) = unfinished.parts(session, [message])[message.pk]["tools"]
    assert before == {**call, "approval": "given", "state": "running"}

    tell(message, events.ToolFinished(reply_id=message.pk, call_id="c1", result=3, error=error))

    (after,) = unfinished.parts(session, [message])[message.pk]["tools"]
    assert after == {**before, "state": state, "result": 3, "error": error}


def test_what_another_reply_of_the_run_has_told_is_not_its_own(session):
    """A step that started again has another message."""
    message = being_written(session)
    earlier = Message.objects.get(pk=message.pk)
    earlier.pk = uuid4()
    tell(message, part(events.InsightGenerated, earlier, {"text": "old"}))

    assert unfinished.parts(session, [message]) == {message.pk: {"tools": []}}


def test_complete_messages_are_not_looked_up(session, django_assert_num_queries):
    run = ask(session, "Hello?")

    with django_assert_num_queries(0):
        found = unfinished.parts(session, [Message(run=run, status=Message.Status.COMPLETE)])

    assert found == {}


def test_a_reply_grows_part_by_part_from_snapshot_to_snapshot(session, monkeypatch):
    """Row 4-1."""
    recorder = Recorder()
    recorder.session = session
    monkeypatch.setattr(hub, "notify", recorder.notify)

    ask(session, "How many rows by month?")

    seen = [
        sorted(set(one["parts"]) & {"intent", "query", "insight", "summary"})
        for snapshot in recorder.snapshots
        for one in snapshot["messages"]
        if one["status"] == "streaming"
    ]
    assert [len(one) for one in seen] == sorted(len(one) for one in seen)
    assert seen[0] == []
    assert ["intent", "query"] in seen
