"""Strategies over REST: the older endpoints and those of the house. All is compared with the schema."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User

from planning.models import Strategy
from planning.strategy.actions import StrategyWish, start
from tests.api.contract import CheckedClient
from tests.planning.strategy.made import worked_out

pytestmark = pytest.mark.django_db
PATH = "/api/strategies/"
GOAL = {"goal": "Open a second bakery"}


def started(by: User) -> Strategy:
    return start(StrategyWish(engine="scripted", **GOAL), by=by)


def routes(made: Strategy) -> list[tuple[str, str]]:
    """Return a method and an address of each route of a strategy."""
    older, house = f"/api/strategies/{made.pk}", f"/api/v1/strategies/{made.pk}"
    return [
        ("GET", f"{older}/status"),
        ("GET", f"{house}/"),
        ("GET", f"{house}/sources/rent/"),
        ("POST", f"{house}/pause/"),
        ("POST", f"{house}/resume/"),
        ("POST", f"{house}/cancel/"),
        ("POST", f"{older}/commands"),
    ]


def command(name: str) -> dict[str, Any]:
    return {"event": "status", "data": {"command": name}}


def test_a_start_answers_at_once_with_where_to_watch_and_how_long_it_may_take(api: CheckedClient):
    """Row 3-10."""
    answer = api.post(PATH, GOAL)

    assert answer.status_code == 202
    told = answer.json()
    assert told["status"] == "queued"
    assert told["status_url"] == f"/api/strategies/{told['id']}/status"
    assert told["stream_url"] == f"/api/strategies/{told['id']}/events"
    assert told["estimate_seconds"] == 15.0  # nothing was measured yet
    assert (told["step"], told["steps"], told["progress"]) == (0, 8, 0)


def test_the_status_of_a_new_strategy(api: CheckedClient):
    """Rows 3-11, 3-12, 3-25, 3-51."""
    made = api.post(PATH, GOAL).json()

    told = api.get(made["status_url"]).json()

    assert told["message"] == "Waiting for a worker."
    assert (told["error"], told["educational_content"], told["finished_at"]) == (None, None, None)
    assert told["poll_after_ms"] == 10_000
    assert told["no_progress_seconds"] == 300
    for name in ("created_at", "updated_at"):
        assert told[name].endswith("Z")
        assert datetime.fromisoformat(told[name]).utcoffset() is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_the_status_of_one_that_is_done_has_its_last_card_and_its_entity(
    api: CheckedClient, user: User
):
    """Rows 3-11, 3-13."""
    made = worked_out(user)

    told = api.get(f"/api/strategies/{made.pk}/status").json()

    assert (told["status"], told["step"], told["progress"]) == ("completed", 8, 100)
    assert told["message"] == "Strategy ready!"
    assert told["educational_content"]["phase"] == "end"
    assert told["educational_content"]["next_step"] == "Read the strategy."
    assert told["entity"]["url"] == f"/memory/{told['entity']['slug']}/"
    assert api.get(f"/api/strategies/{made.pk}/status").json() == told


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_the_whole_strategy_has_what_its_steps_found(api: CheckedClient, user: User):
    """Row 3-41."""
    made = worked_out(user)

    told = api.get(f"/api/v1/strategies/{made.pk}/").json()

    assert [step["number"] for step in told["steps"]] == list(range(1, 9))
    assert told["metrics"] == {
        "steps": 8,
        "failed": 0,
        "frameworks": 10,
        "findings": 10,
        "data_points": 7,
        "gaps": 6,
    }
    assert told["steps"][1]["findings"][0]["citations"][0]["document"] == "script"
    assert told["document"].startswith("# Strategy")
    assert told["missing"] == []


def test_a_status_that_did_not_change_is_not_sent_again(api: CheckedClient, user: User):
    """Row 3-11: the ETag, for those who poll."""
    made = started(user)
    for address in (f"/api/strategies/{made.pk}/status", "/api/strategies/latest"):
        first = api.get(address)
        again = api.get(address, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    api.post(f"/api/v1/strategies/{made.pk}/pause/")
    assert api.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_latest_is_the_users_own_newest(
    api: CheckedClient, stranger: CheckedClient, user: User
):
    assert api.get("/api/strategies/latest").status_code == 404
    started(user)
    newest = started(user)

    assert api.get("/api/strategies/latest").json()["id"] == str(newest.pk)
    assert stranger.get("/api/strategies/latest").status_code == 404


def test_strategies_are_listed_the_newest_first(api: CheckedClient, user: User):
    first, second = started(user), started(user)

    page = api.get("/api/v1/strategies/").json()

    assert [one["id"] for one in page["results"]] == [str(second.pk), str(first.pk)]


def test_the_house_style_has_the_addresses_of_the_run(api: CheckedClient):
    answer = api.post("/api/v1/strategies/", GOAL)

    told = answer.json()
    assert (answer.status_code, told["state"]) == (202, "queued")
    assert told["stream_url"] == f"/api/v1/runs/{told['run_id']}/events/"
    assert api.get(told["status_url"]).json()["kind"] == "strategy"
    assert api.get(told["status_url"]).json()["poll_after_ms"] == 10_000


def test_the_same_key_gives_the_same_strategy_on_every_door(api: CheckedClient):
    """Api.md, Idempotency-Key."""
    headers = {"Idempotency-Key": "once"}
    made = {
        api.post(path, GOAL, headers=headers).json()["id"]
        for path in (PATH, "/api/v1/strategies/", PATH)
    }

    assert len(made) == 1
    assert Strategy.objects.count() == 1


def test_a_document_is_read_as_it_was(api: CheckedClient, user: User):
    """Row 3-41."""
    api.post("/api/v1/entities/", {"title": "Rent", "body": "Rent is 3,000 EUR. It rose."})
    made = api.post("/api/v1/strategies/", {**GOAL, "documents": ["rent"]}).json()

    told = api.get(f"/api/v1/strategies/{made['id']}/sources/rent/").json()

    assert [one["text"] for one in told["sentences"]] == ["Rent is 3,000 EUR.", "It rose."]
    assert api.get(f"/api/v1/strategies/{made['id']}/sources/none/").status_code == 404


def test_commands_come_in_the_envelope_of_the_stream(api: CheckedClient, user: User):
    """Row 3-39."""
    address = f"/api/strategies/{started(user).pk}/commands"

    states = [
        api.post(address, command(one)).json()["status"] for one in ("pause", "resume", "cancel")
    ]

    assert states == ["paused", "queued", "cancelled"]
    late = api.post(address, command("resume"))
    assert (late.status_code, late.json()["error"]["code"]) == (409, "invalid_transition")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "data"),
        ({"data": {}}, "data"),
        ({"data": {"command": "explode"}}, "data"),
        ({"data": "cancel"}, "data"),
        ({"event": "shout", "data": {"command": "cancel"}}, "event"),
        ([], "body"),
        ("cancel", "body"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_message_that_is_none_is_refused(api: CheckedClient, user: User, body: Any, field: str):
    """Row 3-61; reliability 20."""
    made = started(user)

    answer = api.send(f"/api/strategies/{made.pk}/commands", body)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    made.run.refresh_from_db()
    assert made.run.state == "queued"


@pytest.mark.parametrize("path", [PATH, "/api/v1/strategies/"])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"goal": " \n"}, "goal"),
        ({"goal": 7}, "goal"),
        ({"goal": "x" * 10_001}, "goal"),
        ({"goal": "a\x00b"}, "goal"),
        ({"goal": "a\ud800b"}, "goal"),
        ({"documents": "rent"}, "documents"),
        ({"documents": ["unknown"]}, "documents"),
        ({"documents": ["../../etc/passwd"]}, "documents"),
        ({"documents": ["x"] * 51}, "documents"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_wrong_value_names_its_field(
    api: CheckedClient, path: str, change: dict[str, Any], field: str
):
    """Row 3-61; reliability 20."""
    answer = api.send(path, {**GOAL, **change})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (400, "invalid", [field])
    assert not Strategy.objects.exists()


def test_things_of_others_do_not_exist(
    api: CheckedClient, stranger: CheckedClient, anonymous: CheckedClient, user: User
):
    """Row 3-59; reliability 17."""
    made = started(user)
    for method, path in routes(made):
        theirs = stranger.generic(method, path, "{}", "application/json")
        unknown = path.replace(str(made.pk), str(uuid4()))
        for answer in (theirs, api.generic(method, unknown, "{}", "application/json")):
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
        nobody = anonymous.generic(method, path, "{}", "application/json")
        assert nobody.status_code == 401
    for path in (PATH, "/api/v1/strategies/"):
        assert anonymous.post(path, GOAL).status_code == 401


def test_who_may_only_look_changes_nothing(stranger: CheckedClient, user: User, other: User):
    """Reliability 17."""
    made = started(user)
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    for path, body in (
        (f"/api/v1/strategies/{made.pk}/cancel/", {}),
        (f"/api/strategies/{made.pk}/commands", command("cancel")),
    ):
        answer = stranger.post(path, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert stranger.get(f"/api/strategies/{made.pk}/status").json()["status"] == "queued"


def test_too_many_starts_are_refused(api: CheckedClient, rates: Any):
    """Row 3-60; reliability 20: one limit for both doors."""
    rates(runs="1/min")

    answers = [api.post(path, GOAL) for path in (PATH, PATH, "/api/v1/strategies/")]

    assert [one.status_code for one in answers] == [202, 429, 429]
    assert 0 < int(answers[1]["Retry-After"]) <= 60
