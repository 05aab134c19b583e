"""Hostile and wrong values: each is a 400 that names its field, or is kept as it came."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.api import made
from tests.api.contract import CheckedClient

pytestmark = pytest.mark.django_db

FIGURES = ("max_iterations", "checkpoint_interval")
NO_FIGURES: tuple[Any, ...] = (0, -1, 21, 10**30, "4", "four", True, None, 2.5, [2], {})
PLAN: list[tuple[dict[str, Any], str]] = [
    ({"goal": ""}, "goal"),
    ({"goal": " \n\t "}, "goal"),
    ({"goal": None}, "goal"),
    ({"goal": 7}, "goal"),
    ({"goal": ["x"]}, "goal"),
    ({"goal": "x" * 10_001}, "goal"),
    ({"goal": "e" + "\u0301" * 100_000}, "goal"),
    ({"goal": "a\x00b"}, "goal"),
    ({"goal": "a\ud800b"}, "goal"),
    *[({name: value}, name) for name in FIGURES for value in NO_FIGURES],
    ({"max_iterations": 3, "checkpoint_interval": 4}, "checkpoint_interval"),
    ({"documents": "rent"}, "documents"),
    ({"documents": [None]}, "documents"),
    ({"documents": [{}]}, "documents"),
    ({"documents": ["unknown"]}, "documents"),
    ({"documents": ["../../etc/passwd"]}, "documents"),
    ({"documents": ["a\x00"]}, "documents"),
    ({"documents": ["x"] * 51}, "documents"),
    ({"documents": ["00000000-0000-0000-0000-000000000000"]}, "documents"),
    ({"deadline_seconds": 0}, "deadline_seconds"),
    ({"deadline_seconds": 90 * 24 * 3600 + 1}, "deadline_seconds"),
    ({"on_expiry": "explode"}, "on_expiry"),
    ({"approvers": "nobody"}, "approvers"),
    ({"four_eyes": "perhaps"}, "four_eyes"),
    ({"quorum": 0}, "quorum"),
]


@pytest.mark.parametrize(("change", "field"), PLAN, ids=lambda value: ascii(value)[:40])
def test_a_plan_with_a_wrong_value_names_the_field(
    api: CheckedClient, change: dict[str, Any], field: str
):
    """Rows 2-19, 3-61; reliability 20."""
    answer = api.send("/api/v1/plans/", {"goal": "Open a second bakery", **change})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (400, "invalid", [field])
    assert len(answer.content) < 600


@pytest.mark.parametrize(
    "goal",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "\u202eevil\u202c مخبز ثان in the old town",
        "e" + "\u0301" * 9_000,
        "🥐" * 10_000,
        "line\r\nline\u2028line\u0085line",
        "'; DROP TABLE planning_plan; --",
        "{{ 7 * 7 }} {% debug %} %s %(x)s",
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_hostile_goal_is_a_text_like_any_other(api: CheckedClient, goal: str):
    """Reliability 22, 20."""
    created = api.send("/api/v1/plans/", {"goal": goal})

    assert created.status_code == 201
    assert api.get(f"/api/v1/plans/{created.json()['id']}/").json()["goal"] == goal


def test_documents_of_others_do_not_exist(api: CheckedClient, stranger: CheckedClient):
    """Reliability 17."""
    theirs = stranger.post("/api/v1/entities/", {"title": "Rent", "body": "3,000 EUR."}).json()

    answer = api.send("/api/v1/plans/", {"goal": "x", "documents": [theirs["slug"]]})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["documents"])


ANSWERS: list[tuple[dict[str, Any], str]] = [
    ({"decision": "maybe"}, "decision"),
    ({"decision": None}, "decision"),
    ({"decision": "x" * 100_000}, "decision"),
    ({"decision": ["approve"]}, "decision"),
    ({"decision": "answer"}, "decision"),
    ({"digest": None}, "digest"),
    ({"digest": "x" * 65}, "digest"),
    ({"decision": "revise"}, "comment"),
    ({"decision": "revise", "comment": " \n "}, "comment"),
    ({"comment": "x" * 5001}, "comment"),
    ({"comment": "a\x00b"}, "comment"),
    ({"comment": "a\udfffb"}, "comment"),
    ({"comment": 7}, "comment"),
    ({"payload": []}, "payload"),
    ({"payload": {"x": "a\x00"}}, "payload"),
    ({"payload": {"x\x00": 1}}, "payload"),
    ({"payload": {"x": ["\ud800"]}}, "payload"),
]


@pytest.mark.parametrize(("change", "field"), ANSWERS, ids=lambda value: ascii(value)[:40])
def test_a_wrong_answer_names_the_field_and_decides_nothing(
    api: CheckedClient, user: User, change: dict[str, Any], field: str
):
    """Reliability 19, 20; row 3-61."""
    gate = made.gate(made.plan(user))
    body = {"decision": "approve", "digest": gate.digest, **change}

    answer = api.send(f"/api/v1/gates/{gate.pk}/answer/", body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (400, "invalid", [field])
    assert len(answer.content) < 600
    gate.refresh_from_db()
    assert gate.state == "pending"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("plans/?cursor=nonsense", "cursor"),
        ("plans/?cursor=%00", "cursor"),
        ("plans/?cursor=cD1ub3RhZGF0ZQ==", "cursor"),
        ("gates/?cursor=cD0yMDI2LTk5LTk5", "cursor"),
        ("files/?cursor=bz0tNQ==", "cursor"),
        ("plans/?cursor=%F0%9F%A5%90", "cursor"),
        ("plans/?limit=0", "limit"),
        ("plans/?limit=-1", "limit"),
        ("plans/?limit=1e3", "limit"),
        ("plans/?limit=101", "limit"),
        ("entities/?limit=abc", "limit"),
        ("entities/?search=" + "x" * 201, "search"),
        ("gates/?state=open", "state"),
    ],
)
def test_a_list_with_a_wrong_parameter_names_it(api: CheckedClient, path: str, field: str):
    """Reliability 20; row 3-61."""
    answer = api.get(f"/api/v1/{path}")

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "", "body": "x"}, "title"),
        ({"title": "x" * 201, "body": "x"}, "title"),
        ({"title": "a\x00", "body": "x"}, "title"),
        ({"title": "x", "body": " "}, "body"),
        ({"title": "x", "body": "x" * 1_000_001}, "body"),
        ({"title": "x", "body": "\ud800"}, "body"),
        ({"body": "x"}, "title"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_an_entity_with_a_wrong_value_names_the_field(
    api: CheckedClient, body: dict[str, Any], field: str
):
    """Reliability 20."""
    answer = api.send("/api/v1/entities/", body)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])


@pytest.mark.parametrize("number", [0, -1, 10**40, "1", True, 1.5, None])
def test_a_branch_from_no_checkpoint_names_the_field(
    api: CheckedClient, user: User, number: object
):
    """Reliability 20."""
    answer = api.send(f"/api/v1/plans/{made.plan(user).pk}/branch/", {"checkpoint": number})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["checkpoint"])
