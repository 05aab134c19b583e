"""Branches over REST: part, write in them, come together."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.api import made
from tests.api.chats import KEY, address, conversation, first_question
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, start, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def test_a_branch_begins_after_a_message_and_is_written_in_by_name(api: CheckedClient, user: User):
    """Row 4-51."""
    session = start(user)
    ask(session, "One?")
    ask(session, "Two?")
    asked = first_question(session)

    made_ = api.post(
        address(session, "branches"), {"from_message": str(asked.pk), "name": "what if"}
    )

    told = made_.json()
    assert made_.status_code == 201
    assert (told["name"], told["fork_turn"], told["is_active"]) == ("what if", 1, False)
    assert conversation(api, session, branch=told["id"]) == ["One?", "You asked: One?"]
    api.post(address(session, "messages"), {"text": "Three?", "branch": "what if"})
    work_off(session)
    assert conversation(api, session, branch="what if")[2:] == ["Three?", "You asked: Three?"]
    assert conversation(api, session)[2:] == ["Two?", "You asked: Two?"]
    listed = api.get(address(session, "branches")).json()["branches"]
    assert [(one["name"], one["is_active"]) for one in listed] == [
        ("main", True),
        ("what if", False),
    ]


def test_the_same_key_makes_one_branch_and_merges_once(api: CheckedClient, user: User):
    """Api.md, Idempotency-Key."""
    session = start(user)
    parted = [
        api.post(address(session, "branches"), {"name": "other"}, headers=KEY) for _ in range(2)
    ]
    ask(session, "Here?")

    body = {"source": "main", "target": "other"}
    merged = [api.post(address(session, "branches", "merge"), body, headers=KEY) for _ in range(2)]

    assert [one.status_code for one in (*parted, *merged)] == [201, 201, 200, 200]
    assert parted[0].json() == parted[1].json()
    assert merged[0].json() == merged[1].json() == {"turns": 1, "target": parted[0].json()["id"]}
    assert conversation(api, session, branch="other") == ["Here?", "You asked: Here?"]


def test_what_failed_with_a_key_can_be_tried_again_with_it(api: CheckedClient, user: User):
    session = start(user)
    body = {"source": "main", "target": "other"}

    refused = api.post(address(session, "branches", "merge"), body, headers=KEY)
    api.post(address(session, "branches"), {"name": "other"})
    ask(session, "Here?")
    merged = api.post(address(session, "branches", "merge"), body, headers=KEY)

    assert (refused.status_code, merged.status_code) == (404, 200)


def test_single_turns_are_picked(api: CheckedClient, user: User):
    """Row 4-51."""
    session = start(user)
    api.post(address(session, "branches"), {"name": "other"})
    ask(session, "One?")
    ask(session, "Two?")
    wanted = first_question(session)

    body = {"source": "main", "target": "other", "messages": [str(wanted.pk)]}
    api.post(address(session, "branches", "merge"), body)

    assert conversation(api, session, branch="other") == ["One?", "You asked: One?"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("branches", {"name": "x" * 101}, "name"),
        ("branches", {"name": 7}, "name"),
        ("branches", {"name": "a\x00"}, "name"),
        ("branches", {"name": "main"}, "name"),
        ("branches", {"from_message": 7}, "from_message"),
        ("branches", {"from_message": "x"}, "from_message"),
        ("branches/merge", {"source": 1, "target": "main"}, "source"),
        ("branches/merge", {"target": "main"}, "source"),
        ("branches/merge", {"source": "main", "target": None}, "target"),
        ("branches/merge", {"source": "main", "target": "main"}, "source"),
        ("branches/merge", {"source": "main", "target": "main", "messages": "x"}, "messages"),
        ("branches/merge", {"source": "main", "target": "main", "messages": [1]}, "messages"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_wrong_branch_or_merge_names_the_field(
    api: CheckedClient, user: User, path: str, body: dict[str, Any], field: str
):
    """Reliability 20."""
    session = made.session(user)

    answer = api.send(address(session, path), body)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert session.branches.count() == 1


@pytest.mark.parametrize("name", ["none", "00000000-0000-0000-0000-000000000000", "a\x00b", ""])
def test_a_branch_that_is_not_there_is_told_as_such(api: CheckedClient, user: User, name: str):
    session = made.session(user)

    answer = api.get(address(session, "messages"), {"branch": name})

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_branch")
