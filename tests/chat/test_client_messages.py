"""Messages under a client's own ids: one reply for each, however often and by how many it is sent."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from chat import client_messages
from chat.actions import Wish
from chat.client_messages import NotAllowed, Unknown, Waits
from chat.models import ChatSession
from runs.models import Run
from runs.resent import Sent
from tests.chat.talking import ask, start, work_off
from tests.factories import at_once
from tests.runs.gates_support import allow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
WISH = Wish(engine="scripted")


def sent(text: str = "How many rows?", chat: str = "my chat", message: str = "m1") -> Sent:
    return Sent(scope="test", chat=chat, message=message, text=text)


def post(user: User, what: Sent, **more: Any) -> Run:
    given = {"wish": WISH, "is_again": False, "reply": "", "before_post": lambda: None, **more}
    return client_messages.attach_or_post(user, what, **given)[1]


def test_many_at_once_start_one_chat_and_one_reply(user: User):
    found = at_once(6, lambda number: post(user, sent()))

    assert {type(one) for one in found} == {Run}
    assert len(set(found)) == 1
    assert ChatSession.objects.count() == 1
    assert Run.objects.filter(kind="reply").count() == 1


def test_each_text_and_each_wish_for_another_is_a_run_of_its_own(user: User):
    first = post(user, sent())
    edited = post(user, sent("And by month?"))
    back = post(user, sent())
    again = post(user, sent(), is_again=True)
    named = post(user, sent(), is_again=True, reply=str(again.pk))

    assert len({first, edited, back, again, named}) == 5
    assert post(user, sent()) == named
    assert post(user, sent(), is_again=True, reply=str(again.pk)) == named  # the second click


def test_the_same_names_of_somebody_else_are_another_chat(user: User, other: User):
    mine, theirs = post(user, sent()), post(other, sent())

    assert mine != theirs
    assert client_messages.find(other, "my chat", "test") != client_messages.find(
        user, "my chat", "test"
    )


def test_nothing_is_posted_where_it_may_not_be(user: User, other: User):
    session = start(user)
    before = Run.objects.count()

    with pytest.raises(Unknown):
        post(other, sent(chat=str(session.pk)), wish=None)
    with pytest.raises(NotAllowed):
        post(allow(other), sent(chat=str(session.pk)), wish=None)
    assert Run.objects.count() == before


def test_nothing_waits_unseen_behind_a_question_and_what_was_sent_is_found(user: User):
    session = start(user, mode="act")
    ask(session, "Please call a tool")
    chat = str(session.pk)

    with pytest.raises(Waits):
        post(user, sent(chat=chat))

    current = client_messages.current(session)
    assert current is not None
    assert current.state == "waiting"


def test_what_goes_on_is_the_reply_and_not_the_profiling_before_it(user: User):
    run = post(user, sent())
    session = ChatSession.objects.get()

    assert client_messages.current(session) == run
    work_off(session)
    assert client_messages.current(session) is None
