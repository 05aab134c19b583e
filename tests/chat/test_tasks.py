"""Replies as tasks: how they stand, what they told, and for how long they are known."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from chat import tasks
from chat.conf import chat_settings
from chat.models import Message
from runs import actions
from runs.models import Run
from streams.dialects import insight
from streams.models import StreamEvent
from tests.chat.talking import ask, pending, start, work_off
from tests.factories import answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def task(text: str = "How many rows by month?", **wish: Any) -> Run:
    return ask(start(**wish), text)


def known(run: Run, user: User | None = None, **more: Any) -> Run | None:
    return tasks.find(user or run.created_by, str(run.pk), **more)


def test_a_task_is_forgotten_five_minutes_after_its_end_and_its_history_is_not():
    """Row 1-38; conflict C9."""
    run = task()
    assert run.finished_at is not None
    assert chat_settings().task_seconds == 300

    almost, after = (run.finished_at + timedelta(seconds=one) for one in (299, 301))

    assert known(run, now=almost) == run
    assert known(run, now=after) is None
    assert Run.objects.filter(pk=run.pk).exists()
    assert Message.objects.filter(run=run).count() == 2
    assert StreamEvent.objects.filter(run_id=run.pk, type="result").exists()


def test_a_task_that_goes_on_is_known_however_long_it_takes():
    """Conflict C9."""
    run = task("Please ask me")

    assert known(run, now=run.created_at + timedelta(days=30)) == run


def test_others_and_other_runs_are_no_tasks(other: User):
    """Rows 1-17, 1-21."""
    run = task()
    initialise = Run.objects.get(kind="initialise")

    assert run.pk.version == 4
    assert known(run, other) is None
    assert known(initialise, run.created_by) is None
    assert tasks.find(run.created_by, "not an id") is None


def test_each_state_of_a_run_is_one_of_three():
    """Row 1-19: a table."""
    assert tasks.STATUS == {
        "queued": "processing",
        "running": "processing",
        "waiting": "processing",
        "paused": "processing",
        "completed": "completed",
        "failed": "error",
        "rejected": "error",
        "expired": "error",
        "cancelled": "error",
    }


def test_a_completed_task_has_its_result_and_all_messages():
    """Rows 1-18, 1-22; trap T9."""
    run = task()

    told = tasks.status(run, 0)

    assert (told["status"], told["error"], told["waiting"]) == ("completed", None, False)
    assert told["result"]["status"] == "answered"
    types = [one["type"] for one in told["messages"]]
    order = ["intent_parsed", "query_executed", "insight_generated", "data_summary"]
    assert [one for one in types if one != "progress"] == order
    ids = [one["id"] for one in told["messages"]]
    assert ids == sorted(set(ids))


def test_messages_grow_and_each_is_told_once():
    """Rows 1-22, 1-24."""
    run = task("Please call a tool", mode="act")
    first = tasks.status(run, 0)
    seen = first["messages"][-1]["id"]
    answer(pending(run.stream.session))
    work_off(run.stream.session)
    run.refresh_from_db()

    second = tasks.status(run, seen)
    whole = tasks.status(run, 0)

    assert (first["status"], first["waiting"], first["result"]) == ("processing", True, None)
    assert first["gate"]["digest"]
    assert first["messages"] + second["messages"] == whole["messages"]
    assert second["status"] == "completed"


@pytest.mark.parametrize("end", ["fail", "cancel"])
def test_a_task_that_came_to_nothing_says_why(end: str):
    """Rows 1-18, 1-26; trap T9."""
    run = task("Please fail" if end == "fail" else "Please ask me")
    if end == "cancel":
        run = actions.cancel(run.pk)

    told = tasks.status(run, 0)

    assert (told["status"], told["result"]) == ("error", None)
    expected = "The script says that this fails." if end == "fail" else insight.CANCELLED
    assert told["error"] == expected


def test_the_tag_changes_with_the_status_and_with_nothing_else():
    """Row 1-20."""
    session = start(mode="act")
    run = ask(session, "Please call a tool")
    waiting = tasks.tag(run, 0)
    ask_other = tasks.tag(run, 7)
    actions.cancel(ask(session, "A second one").pk)

    assert tasks.tag(run, 0) == waiting != ask_other
    answer(pending(session))
    run.refresh_from_db()
    assert tasks.tag(run, 0) != waiting


def test_one_status_has_a_bounded_number_of_messages(monkeypatch: pytest.MonkeyPatch):
    """Row 1-20."""
    run = task()
    whole = tasks.messages(run, 0)
    monkeypatch.setattr(tasks, "MOST_MESSAGES", 3)

    told = tasks.messages(run, 0)
    while len(more := tasks.messages(run, told[-1]["id"])):
        assert len(more) <= 3
        told += more

    assert told == whole
