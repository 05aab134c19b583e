"""Branches: what each consists of, and how they part, switch and come together."""

import uuid

import pytest

from chat import branches, posting
from chat.exceptions import InvalidMessage, UnknownBranch, UnknownMessage
from chat.models import Branch, ChatSession, Message
from tests.chat.talking import ask, start, told, work_off
from tests.factories import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def asked(session: ChatSession, branch: Branch) -> list[int]:
    """Return the turns of a conversation."""
    found = branches.in_order(branches.messages(branch)).filter(role="user")
    return list(found.values_list("turn", flat=True))


def talk(session: ChatSession, count: int) -> None:
    for number in range(count):
        ask(session, f"Question {number}?")


def part(session: ChatSession, parent: Branch, turn: int, name: str = "") -> Branch:
    made = branches.create(session, by=session.created_by, parent=parent, fork_turn=turn, name=name)
    branches.switch(session, made, by=session.created_by)
    session.refresh_from_db()
    return made


def test_a_branch_has_what_was_before_it_parted_and_its_own():
    """Row 4-51."""
    session = start()
    main = session.active_branch
    talk(session, 3)
    second = part(session, main, 2)
    talk(session, 2)
    third = part(session, second, 4)
    talk(session, 1)
    early = part(session, third, 1)
    talk(session, 1)

    assert asked(session, main) == [1, 2, 3]
    assert asked(session, second) == [1, 2, 4, 5]
    assert asked(session, third) == [1, 2, 4, 6]
    assert asked(session, early) == [1, 7]


def test_the_log_tells_of_branches_and_who_made_them():
    """Row 4-51."""
    session = start()
    main = session.active_branch
    talk(session, 1)
    made = part(session, main, 1, "what if")
    branches.switch(session, made, by=session.created_by)  # once more: nothing to tell

    (created,) = told(session, "branch_created")
    assert created["data"]["name"] == "what if"
    assert (created["data"]["parent"], created["data"]["fork_turn"]) == (str(main.pk), 1)
    assert [one["data"]["branch"] for one in told(session, "branch_switched")] == [str(made.pk)]


@pytest.mark.parametrize("name", ["x" * 101, "main", "a\nb\x07"])
def test_a_name_that_is_taken_or_none_is_refused(name):
    session = start()
    with pytest.raises(InvalidMessage):
        part(session, session.active_branch, 0, name)


def test_a_branch_is_found_by_its_id_or_its_name_in_its_own_session_alone():
    session, other = start(), start()

    assert branches.find(session, "main") == session.active_branch
    assert branches.find(session, str(session.active_branch.pk)) == session.active_branch
    for name in ("none", str(uuid.uuid4()), str(other.active_branch.pk)):
        with pytest.raises(UnknownBranch):
            branches.find(session, name)


def test_a_merge_appends_copies_of_what_the_other_branch_has_more():
    """Row 4-51."""
    session = start()
    main = session.active_branch
    talk(session, 2)
    side = part(session, main, 1)
    talk(session, 2)

    count = branches.merge(session, side, main, by=session.created_by)

    assert count == 2
    assert asked(session, main) == [1, 2, 5, 6]
    said = [one["content"] for one in told(session, "message_added")][-4:]
    assert [text.split("\n")[0] for text in said] == [
        "Question 0?", "You asked: Question 0?", "Question 1?", "You asked: Question 1?",
    ]  # fmt: skip
    assert told(session, "branch_merged")[0]["data"]["how"] == "append"
    assert ask(session, "And on?").state == "completed"


def test_single_turns_are_picked():
    """Row 4-51."""
    session = start()
    main = session.active_branch
    talk(session, 1)
    side = part(session, main, 0)
    talk(session, 3)
    wanted = Message.objects.get(branch=side, turn=3, role="assistant")

    branches.merge(session, side, main, by=session.created_by, only=[wanted.pk])

    assert asked(session, main) == [1, 5]
    assert told(session, "branch_merged")[0]["data"]["how"] == "cherry_pick"


def test_there_must_be_something_to_merge():
    session = start()
    talk(session, 1)
    side = part(session, session.active_branch, 1)

    for source, target in ((side, side), (side, session.branches.get(name="main"))):
        with pytest.raises(InvalidMessage):
            branches.merge(session, source, target, by=session.created_by)


def test_a_retry_asks_the_same_on_a_branch_of_its_own():
    session = start()
    talk(session, 2)
    question = Message.objects.get(turn=2, role="user")

    posted = posting.edit_message(session, question, None, by=session.created_by)
    work_off(session)

    assert asked(session, session.active_branch) == [1, 3]
    assert posted.message.branch == session.active_branch
    reply = Message.objects.get(turn=2, role="assistant")
    with pytest.raises(UnknownMessage):
        posting.edit_message(session, reply, "x", by=session.created_by)


def test_many_who_post_at_once_have_turns_of_their_own_in_one_order():
    """Rows 0-23, 4-44."""
    session = start()

    at_once(8, lambda n: posting.post_message(session, f"Q{n}?", by=session.created_by))
    work_off(session)

    assert asked(session, session.active_branch) == list(range(1, 9))
    replied = Message.objects.filter(role="assistant", status="complete")
    assert sorted(replied.values_list("turn", flat=True)) == list(range(1, 9))
