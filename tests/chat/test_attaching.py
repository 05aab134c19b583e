"""A GET that posts: asked again it finds its run, whatever happened in between."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from chat import attaching, posting
from chat.attaching import Asked
from chat.exceptions import InvalidMessage
from chat.models import ChatSession, Message
from runs.models import Run
from tests.chat.talking import start, work_off
from tests.factories import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def nothing_against_it() -> None:
    return None


def ask(
    session: ChatSession, message: str = "How many?", by: User | None = None, **more: Any
) -> Run:
    asked = Asked(message=message, **{"scope": session.pk.hex, **more})
    return attaching.attach_or_post(
        by or session.created_by,
        asked,
        session=lambda: session,
        before_post=nothing_against_it,
    )


def asked_by_users() -> int:
    return Message.objects.filter(role="user").count()


@pytest.mark.parametrize("more", [{}, {"key": "tab 1"}, {"is_reconnect": True}], ids=str)
def test_the_same_request_while_its_run_goes_on_posts_nothing(more: dict[str, Any]):
    """Row 0-17; trap T2; conflict C8."""
    session = start()

    first, second = ask(session, **more), ask(session, **more)

    assert first == second
    assert asked_by_users() == 1


def test_of_ten_requests_at_once_one_posts():
    """Row 0-17; reliability 4."""
    session = start()

    runs = at_once(10, lambda number: ask(session).pk)

    assert len(set(runs)) == 1
    assert asked_by_users() == 1


@pytest.mark.parametrize(
    ("more", "again", "count"),
    [
        ({}, {}, 2),  # somebody asks the same once more
        ({}, {"is_reconnect": True}, 1),
        ({"key": "tab 1"}, {"key": "tab 1"}, 1),
        ({"key": "tab 1"}, {"key": "tab 2"}, 2),
        ({"key": "tab 1"}, {"key": "tab 1", "message": "Something else?"}, 1),
        ({}, {"message": "Something else?", "is_reconnect": True}, 2),
    ],
    ids=str,
)
def test_after_the_end_a_request_is_new_unless_it_says_otherwise(
    more: dict[str, Any], again: dict[str, Any], count: int
):
    """Row 0-17; conflict C8."""
    session = start()
    first = ask(session, **more)
    work_off(session)

    second = ask(session, **again)

    assert (first == second) == (count == 1)
    assert asked_by_users() == count


def test_the_newest_of_several_runs_is_meant():
    session = start()
    runs = []
    for _ in range(3):
        runs.append(ask(session))
        work_off(session)

    assert ask(session, is_reconnect=True) == runs[-1]


def test_another_session_and_another_user_ask_for_themselves(user: User, other: User):
    """Row 0-21."""
    first, second = start(user), start(user)

    assert ask(first) != ask(second)
    assert ask(first, by=other) != ask(first)


def test_a_request_without_a_session_finds_its_run_though_another_session_is_newer():
    """Row 0-17: which session was used last may change between two reconnects."""
    session = start()
    run = ask(session, scope=attaching.ANY)
    start(session.created_by)

    def newer() -> ChatSession:
        raise AssertionError("there was nothing to post")

    asked = Asked(message="How many?")
    found = attaching.attach_or_post(
        session.created_by, asked, session=newer, before_post=nothing_against_it
    )

    assert found == run


@pytest.mark.parametrize("error", [InvalidMessage({"text": "no"}), RuntimeError("limits")])
def test_what_is_refused_has_posted_nothing(error: Exception):
    session = start()

    def refuse() -> None:
        raise error

    with pytest.raises(type(error)):
        attaching.attach_or_post(
            session.created_by,
            Asked(message="How many?"),
            session=lambda: session,
            before_post=refuse,
        )

    assert asked_by_users() == 0


def test_a_message_posted_otherwise_is_not_attached_to():
    session = start()
    posted = posting.post_message(session, "How many?", by=session.created_by)

    assert ask(session) != posted.run
