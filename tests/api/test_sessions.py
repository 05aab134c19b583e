"""Sessions over REST: start one, find it again, look at all of it, change it, follow it."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User

from chat.models import ChatSession
from tests.api import made
from tests.api.chats import address
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, pending, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
SESSIONS = "/api/v1/sessions/"


def events(api: CheckedClient, path: str, **query: Any) -> dict[str, Any]:
    told: dict[str, Any] = api.get(path, query, headers={"Accept": "application/json"}).json()
    return told


def test_a_session_is_started_with_the_addresses_of_its_run_and_stream(api: CheckedClient):
    """Rows 0-4, 4-64; api.md, sessions."""
    answer = api.post(SESSIONS, {"title": "  The   birds ", "engine": "scripted"})

    assert answer.status_code == 201
    told = answer.json()
    session = ChatSession.objects.get(pk=told["id"])
    assert (told["title"], told["mode"], told["state"]) == ("The birds", "plan", "idle")
    assert told["stream_url"] == address(session, "events")
    assert told["model_url"] == address(session, "model")
    assert api.get(f"/api/v1/runs/{told['run_id']}/").json()["kind"] == "initialise"
    assert told["data_set"]["demo"] == "penguins"
    assert told["data_set"]["is_ready"] is False
    assert api.get(address(session)).json() == told


def test_the_same_key_gives_the_same_session_and_another_user_one_of_their_own(
    api: CheckedClient, stranger: CheckedClient
):
    """Api.md, Idempotency-Key."""
    key = {"Idempotency-Key": "once"}

    first, again = (api.post(SESSIONS, {"title": "Birds"}, headers=key) for _ in range(2))
    other = stranger.post(SESSIONS, {"title": "Birds"}, headers=key)

    assert first.status_code == again.status_code == other.status_code == 201
    assert first.json() == again.json()
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": 7}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\ud800b"}, "title"),
        ({"files": "rent"}, "files"),
        ({"files": [7]}, "files"),
        ({"files": ["no-id"]}, "files"),
        ({"files": ["00000000-0000-0000-0000-000000000000"]}, "files"),
        ({"files": ["00000000-0000-0000-0000-000000000000"] * 21}, "files"),
        ({"demo": "../../etc"}, "demo"),
        ({"demo": "walruses"}, "demo"),
        ({"demo": None}, "demo"),
        ({"mode": "delete"}, "mode"),
        ({"mode": ["act"]}, "mode"),
        ({"engine": "nobody"}, "engine"),
        ({"engine": "a\x00"}, "engine"),
        ({"engine": 1}, "engine"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_session_with_a_wrong_value_names_the_field(
    api: CheckedClient, body: dict[str, Any], field: str
):
    """Row 3-61; reliability 20."""
    answer = api.send(SESSIONS, body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (400, "invalid", [field])
    assert len(answer.content) < 600
    assert not ChatSession.objects.exists()


def test_sessions_are_found_by_title_data_and_what_their_users_asked(
    api: CheckedClient, user: User, other: User
):
    """Rows 0-21, 4-53."""
    birds = made.session(user, title="Birds of the ice")
    asked = made.session(user, title="Something else")
    made.message(asked, "How heavy are the chicks?")
    made.message(made.session(other, title="Birds of grace"), "How heavy are the chicks?")

    def found(search: str) -> list[str]:
        page = api.get(SESSIONS, {"search": search}).json()
        return [one["id"] for one in page["results"]]

    assert found("birds") == [str(birds.pk)]
    assert found("CHICKS") == [str(asked.pk)]
    assert found("penguins") == [str(asked.pk), str(birds.pk)]
    assert found("walrus") == []
    assert found("\x00") == [str(asked.pk), str(birds.pk)]
    refused = api.get(SESSIONS, {"search": "x" * 201})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["search"])


def test_the_session_that_was_used_last_comes_first_page_by_page(api: CheckedClient, user: User):
    first, *others = [made.session(user, title=f"Chat {number}") for number in range(3)]
    made.message(first)

    page = api.get(SESSIONS, {"limit": 2}).json()
    rest = api.get(page["next"]).json()

    ids = [one["id"] for one in [*page["results"], *rest["results"]]]
    assert ids == [str(one.pk) for one in (first, others[1], others[0])]
    assert (page["previous"], rest["next"]) == (None, None)


def test_a_list_tells_what_each_session_is_doing(api: CheckedClient, user: User):
    """Row 4-64."""
    session = start(user, mode="act")
    ask(session, "Please call a tool")

    (told,) = api.get(SESSIONS).json()["results"]

    assert told["state"] == "waiting_approval"
    assert api.get(address(session)).json()["state"] == "waiting_approval"


def test_a_snapshot_is_whole_and_its_events_go_on_where_it_ends(api: CheckedClient, user: User):
    """Rows 4-27, 4-36, 4-64."""
    session = start(user, mode="act")
    ask(session, "Please call a tool")

    told = api.get(address(session, "snapshot")).json()

    assert [one["role"] for one in told["messages"]] == ["user", "assistant"]
    assert told["messages"][1]["status"] == "waiting"
    assert [one["id"] for one in told["gates"]] == [str(pending(session).pk)]
    assert [one["kind"] for one in told["runs"]] == ["reply"]
    page = events(api, address(session, "events"), after=told["position"])
    assert (page["events"], page["position"]) == ([], told["position"])
    assert page["state"] == "waiting_approval"


def test_all_events_of_a_session_come_in_pages_and_those_of_one_run_alone_too(
    api: CheckedClient, user: User
):
    """Rows 4-1, 4-20; api.md, sessions/{id}/events/."""
    session = start(user)
    run = ask(session, "How many rows by month?")

    whole = events(api, address(session, "events"), limit=1000)
    own = events(api, f"/api/v1/runs/{run.pk}/events/", limit=1000)

    positions = [one["position"] for one in whole["events"]]
    assert positions == list(range(1, positions[-1] + 1))
    assert {one["session_id"] for one in whole["events"]} == {str(session.pk)}
    assert {one["run_id"] for one in own["events"]} == {str(run.pk)}
    assert [one for one in whole["events"] if one.get("run_id") == str(run.pk)] == own["events"]


def test_a_session_is_renamed_switched_and_shown_on_another_branch_at_once(
    api: CheckedClient, user: User
):
    """Rows 4-50, 4-51, 4-53."""
    session = start(user)
    made_ = api.post(address(session, "branches"), {"name": "try"}).json()

    answer = api.patch(address(session), {"title": "New", "mode": "act", "branch": "try"})

    told = answer.json()
    assert answer.status_code == 200
    assert (told["title"], told["mode"], told["branch"]) == ("New", "act", made_["id"])
    types = [one["type"] for one in events(api, address(session, "events"))["events"]]
    assert {"title_changed", "mode_switched", "branch_switched"} <= set(types)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \n "}, "title"),
        ({"title": None}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"mode": "delete"}, "mode"),
        ({"branch": 7}, "branch"),
        ({"branch": "x" * 101}, "branch"),
        ({"title": "Changed", "mode": "delete"}, "mode"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_wrong_change_names_the_field_and_changes_nothing(
    api: CheckedClient, user: User, body: dict[str, Any], field: str
):
    """Row 3-61."""
    session = made.session(user, title="Before")

    answer = api.patch(address(session), body)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    session.refresh_from_db()
    assert (session.title, session.mode) == ("Before", "plan")


def test_a_change_that_fails_in_its_last_part_changes_nothing(api: CheckedClient, user: User):
    session = made.session(user, title="Before")

    answer = api.patch(address(session), {"title": "After", "mode": "act", "branch": "none"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_branch")
    told = api.get(address(session)).json()
    assert (told["title"], told["mode"]) == ("Before", "plan")


def test_who_may_see_a_session_reads_all_of_it_and_changes_nothing(
    stranger: CheckedClient, other: User, user: User
):
    """Rows 0-21, 4-10; reliability 17."""
    session = made.session(user)
    asked = made.message(session)
    other.user_permissions.add(Permission.objects.get(codename="view_run"))

    for part in ("snapshot", "messages", "branches", "workflows", "references"):
        assert stranger.get(address(session, part)).status_code == 200, part
    assert stranger.get(f"/api/v1/messages/{asked.pk}/content/").status_code == 200
    refused = [
        stranger.patch(address(session), {"title": "Mine"}),
        stranger.post(address(session, "messages"), {"text": "Mine"}),
        stranger.post(address(session, "branches"), {"name": "mine"}),
        stranger.post(address(session, "branches", "merge"), {"source": "a", "target": "b"}),
        stranger.post(address(session, "workflows"), {"workflow": "export"}),
        stranger.post(address(session, "messages", str(asked.pk), "retry")),
        stranger.post(address(session, "messages", str(asked.pk), "edit"), {"text": "Mine"}),
    ]
    assert {(one.status_code, one.json()["error"]["code"]) for one in refused} == {
        (403, "forbidden")
    }
    session.refresh_from_db()
    assert (session.title, session.turns) == ("penguins", 1)


def test_a_preference_is_kept_and_holds_where_a_request_does_not_say(
    api: CheckedClient, stranger: CheckedClient, user: User
):
    """Rows 4-2, 4-54."""
    session = made.session(user)
    made.message(session, "Hello?")
    path = "/api/v1/preferences/"
    assert api.get(path).json() == {"stream_mode": "inline"}

    assert api.patch(path, {"stream_mode": "signal"}).json() == {"stream_mode": "signal"}

    added = [
        one
        for query in ({}, {"mode": "inline"})
        for one in events(api, address(session, "events"), **query)["events"]
        if one["type"] == "message_added"
    ]
    assert ["content" in one["data"] for one in added] == [False, True]
    assert stranger.get(path).json() == {"stream_mode": "inline"}
    for wrong in ("loud", None, 1, ["signal"]):
        refused = api.patch(path, {"stream_mode": wrong})
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (
            400,
            ["stream_mode"],
        )


def test_demonstration_data_is_listed(api: CheckedClient):
    demos = api.get(f"{SESSIONS}demos/").json()["demos"]

    assert {"name": "penguins", "files": ["penguins.csv"]} in demos


def test_events_are_for_those_who_may_see_the_session(
    stranger: CheckedClient, anonymous: CheckedClient, api: CheckedClient, user: User
):
    """Rows 0-21, 4-10."""
    path = address(made.session(user), "events")
    pages = {"Accept": "application/json"}

    answers = [one.get(path, headers=pages).status_code for one in (stranger, anonymous, api)]

    assert answers == [404, 401, 200]
    assert api.get(f"{SESSIONS}{uuid4()}/events/", headers=pages).status_code == 404
    refused = api.post(path)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
    wrong = api.get(path, {"after": "x"}, headers=pages)
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["after"])
