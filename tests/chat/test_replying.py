"""Sessions from their first run on: what is told, what is kept, and what a person decides."""

import json

import pytest

from chat import actions, branches, posting, shapes, states
from chat.models import ChatSession, Message
from chat.states import State
from runs import actions as run_actions
from runs.models import Gate, Run
from tests.chat.talking import ask, pending, start, told, work_off
from tests.factories import answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def text_of(session: ChatSession, message: Message) -> str:
    return "".join(
        one["content"]
        for one in told(session, "content_delta")
        if one["data"]["message_id"] == str(message.pk)
    )


def replies(session: ChatSession) -> list[Message]:
    found = Message.objects.shown().filter(session=session, role=Message.Role.ASSISTANT)
    return list(branches.in_order(found))


def test_a_session_begins_with_a_run_that_profiles_its_data():
    """Rows 0-4, 0-5."""
    session = start()

    types = [one["type"] for one in told(session)]
    assert types[:2] == ["session_started", "run_state"]
    assert types[-4:] == ["data_model_ready", "result", "state_changed", "run_completed"]
    assert types.count("progress") > 3
    session.refresh_from_db()
    assert (session.data_set.model or {})["name"] == "penguins"
    assert {one["session_id"] for one in told(session)} == {str(session.pk)}


def test_a_data_set_is_profiled_once_for_all_who_have_the_same_files():
    first, second = start(), start()
    by_another = start(is_ready=False, engine="offline")

    assert first.data_set_id == second.data_set_id
    assert by_another.data_set_id != first.data_set_id


def test_a_reply_tells_its_parts_before_its_text_and_all_of_them_once():
    """Rows 1-7, 1-30, 1-31, 1-34."""
    session = start()
    run = ask(session, "How many rows by month?")

    types = [one["type"] for one in told(session) if one.get("run_id") == str(run.pk)]
    order = [
        "message_added", "progress", "message_started", "intent_parsed", "query_executed",
        "insight_generated", "data_summary", "content_delta", "message_completed", "result",
        "run_completed",
    ]  # fmt: skip
    assert [types.index(one) for one in order] == sorted(types.index(one) for one in order)
    assert [types.count(one) for one in ("result", "message_completed", "run_completed")] == [1] * 3
    (reply,) = replies(session)
    assert (reply.status, reply.parts["status"]) == ("complete", "answered")
    whole = json.loads(told(session, "result")[-1]["content"])
    assert text_of(session, reply) == whole["text"]
    assert shapes.messages([reply])[0]["text"] == whole["text"]
    assert reply.memory == {"question": "How many rows by month?"}


def test_messages_are_answered_one_after_the_other():
    """Rows 0-23, 4-44."""
    session = start(is_ready=False)
    first = posting.post_message(session, "One?", by=session.created_by).run
    second = posting.post_message(session, "Two?", by=session.created_by).run
    assert [run.state for run in (first, second)] == ["queued", "queued"]

    work_off(session)

    order = [one["run_id"] for one in told(session, "message_started", "run_completed")]
    initialise = Run.objects.get(kind="initialise").pk
    assert order == [str(pk) for pk in (initialise, first.pk, first.pk, second.pk, second.pk)]


def test_a_tool_call_waits_for_a_person_and_goes_on_as_decided():
    """Rows 4-46, 4-49."""
    session = start(mode="act")
    run = ask(session, "Please call a tool")
    gate = pending(session)
    assert (run.state, gate.kind, states.current(session)) == (
        "waiting", "tool", State.WAITING_APPROVAL,
    )  # fmt: skip
    assert gate.payload["calls"][0]["tool"] == "save_file"

    answer(gate, payload={"arguments": {"call-1": {"path": "other.md"}}})
    work_off(session)

    (started,) = told(session, "tool_call_started")
    assert started["data"]["arguments"] == {"path": "other.md"}
    assert started["data"]["approval"] == "given"
    assert told(session, "tool_call_decided")[0]["data"]["edited"] == ["call-1"]
    assert [one.status for one in replies(session)] == ["complete", "complete"]
    assert states.current(session) == State.IDLE


def test_a_denied_call_is_not_made_and_the_reason_is_told():
    """Row 4-49."""
    session = start(mode="act")
    ask(session, "Please call a tool")

    answer(pending(session), decision="reject", comment="Not today")
    work_off(session)

    assert told(session, "tool_call_started") == []
    assert replies(session)[-1].parts["status"] == "denied"
    assert "Not today" in text_of(session, replies(session)[-1])


def test_a_tool_that_is_always_allowed_does_not_ask_again():
    """Row 4-49."""
    session = start(mode="act")
    ask(session, "Please call a tool")
    answer(pending(session), decision="approve_all")
    work_off(session)

    run = ask(session, "Please call a tool")

    assert run.state == "completed"
    assert told(session, "tool_call_started")[-1]["data"]["approval"] == "automatic"


def test_a_question_back_is_answered_in_words():
    session = start()
    ask(session, "Please ask me")
    assert states.current(session) == State.WAITING_ANSWER

    answer(pending(session), decision="answer", comment="March")
    work_off(session)

    assert "You asked (March)" in text_of(session, replies(session)[-1])


def test_a_cancelled_reply_keeps_its_text_and_is_marked():
    """Rows 4-32, 4-43."""
    session = start(mode="act")
    run = ask(session, "Please call a tool")

    run_actions.cancel(run.pk)

    (reply,) = replies(session)
    assert reply.status == "cancelled"
    assert text_of(session, reply) == "A file has to be written for this. "
    types = [one["type"] for one in told(session)][-3:]
    assert types == ["message_ended", "state_changed", "run_cancelled"]
    assert Gate.objects.get().state == "withdrawn"
    assert ask(session, "Go on?").state == "completed"


def test_a_failed_reply_says_why_and_the_next_one_is_answered():
    session = start()
    run = ask(session, "Please fail")

    assert (run.state, run.error_message) == ("failed", "The script says that this fails.")
    assert replies(session)[0].status == "failed"
    assert states.current(session) == State.IDLE
    assert ask(session, "And now?").state == "completed"


def test_the_state_told_in_the_log_is_that_of_the_rows_and_follows_the_table():
    """Rows 4-27, 4-64."""
    session = start(mode="act")
    ask(session, "Hello?")
    ask(session, "Please call a tool")
    waiting = states.current(session)
    answer(pending(session))
    work_off(session)

    seen = [State(one["data"]["new_state"]) for one in told(session, "state_changed")]
    steps = list(zip([State.IDLE, *seen], seen, strict=False))
    assert all(after in states.NEXT[before] for before, after in steps)
    assert waiting == State.WAITING_APPROVAL
    assert seen[-1] == states.current(session) == State.IDLE


def test_editing_a_question_parts_a_branch_before_it():
    """Row 4-51."""
    session = start()
    ask(session, "First?")
    ask(session, "Second?")
    asked = Message.objects.filter(role="user").order_by("turn").last()
    assert asked is not None

    posted = posting.edit_message(session, asked, "Second, differently?", by=session.created_by)
    work_off(session)

    assert session.branch_id == posted.message.branch_id
    said = [
        one["text"]
        for one in shapes.messages(branches.in_order(branches.messages(session.active_branch)))
    ]
    assert [text.split("\n")[0] for text in said] == [
        "First?", "You asked: First?", "Second, differently?", "You asked: Second, differently?",
    ]  # fmt: skip


def test_the_mode_is_switched_by_somebody_and_the_log_says_who():
    """Row 4-50."""
    session = start()
    actions.switch_mode(session, "act", by=session.created_by)

    (switched,) = told(session, "mode_switched")
    assert switched["data"] == {"mode": "act", "by": session.created_by.get_username()}
    note = Message.objects.get(role="system")
    assert "act now" in shapes.messages([note])[0]["text"]
