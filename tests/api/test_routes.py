"""Each route: its shape, its codes, and whom it knows. `CheckedClient` compares all with the schema."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from files import actions
from planning import memory
from tests.api import chats, made
from tests.api.contract import CheckedClient, schema

pytestmark = pytest.mark.django_db
LISTS = ("plans", "gates", "entities", "files", "sessions")
# What needs a run that has been worked on, or gives a file.
OTHERWISE = ("sources", "/model/", "/files/")


def routes(user: User) -> list[tuple[str, str]]:
    """Return a method and an address of a thing of the user's for each route."""
    plan = made.plan(user)
    gate = made.gate(plan)
    entity = memory.save_entity(title="Rent", body="Rent is 3,000 EUR.", by=user)
    file = BytesIO(b"# Rent\n\nIt is 3,000 EUR.")
    kept = actions.keep(file, name="rent.md", content_type="", size=26, by=user)
    return [
        ("GET", f"plans/{plan.pk}/"),
        ("POST", f"plans/{plan.pk}/pause/"),
        ("POST", f"plans/{plan.pk}/resume/"),
        ("POST", f"plans/{plan.pk}/branch/"),
        ("GET", f"plans/{plan.pk}/sources/rent/"),
        ("GET", f"runs/{plan.run_id}/"),
        ("POST", f"runs/{plan.run_id}/pause/"),
        ("POST", f"runs/{plan.run_id}/resume/"),
        ("GET", f"gates/{gate.pk}/"),
        ("POST", f"gates/{gate.pk}/answer/"),
        ("GET", f"entities/{entity.slug}/"),
        ("GET", f"files/{kept.pk}/"),
        ("DELETE", f"files/{kept.pk}/"),
        ("POST", f"plans/{plan.pk}/cancel/"),
        ("POST", f"runs/{plan.run_id}/cancel/"),
        *chats.routes(user),
    ]


def test_a_plan_is_created_with_the_addresses_of_its_run(api: CheckedClient):
    """Rows 2-4, 2-77; api.md, plans."""
    answer = api.post("/api/v1/plans/", {"goal": "Open a second bakery"})

    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["max_iterations"], body["checkpoint_interval"]) == ("queued", 4, 2)
    assert body["stream_url"] == f"/api/v1/runs/{body['run_id']}/events/"
    assert body["status_url"] == f"/api/v1/runs/{body['run_id']}/"
    assert api.get(body["status_url"]).json()["state"] == "queued"
    assert api.get(f"/api/v1/plans/{body['id']}/").json()["goal"] == "Open a second bakery"


def test_own_things_are_found_and_lists_have_them(api: CheckedClient, user: User):
    """Api.md, all GET routes."""
    for method, path in routes(user):
        if method == "GET" and not any(one in path for one in OTHERWISE):
            assert api.get(f"/api/v1/{path}").status_code == 200, path
    for path in LISTS:
        page = api.get(f"/api/v1/{path}/").json()
        assert (page["next"], page["previous"], len(page["results"])) == (None, None, 1), path


def test_things_of_others_do_not_exist(stranger: CheckedClient, user: User):
    """Reliability 17; api.md, "A foreign or unknown object is 404"."""
    for method, path in routes(user):
        answer = stranger.generic(method, f"/api/v1/{path}", "{}", "application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    for path in LISTS:
        assert stranger.get(f"/api/v1/{path}/").json()["results"] == []


def test_unknown_things_look_like_those_of_others(api: CheckedClient, user: User):
    """Reliability 17."""
    for method, path in routes(user):
        folder, _, rest = path.split("/", 2)
        unknown = f"/api/v1/{folder}/{uuid4()}/{rest}"
        answer = api.generic(method, unknown, "{}", "application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path


def test_nobody_gets_in_without_saying_who_they_are(anonymous: CheckedClient, user: User):
    """Rows 3-59; reliability 17."""
    lists = [("GET", f"{name}/") for name in (*LISTS, "sessions/demos", "preferences")]
    starts = [("POST", f"{name}/") for name in LISTS if name != "gates"]
    for method, path in [*routes(user), *lists, *starts]:
        answer = anonymous.generic(method, f"/api/v1/{path}", "{}", "application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated")
        assert answer["WWW-Authenticate"] == "Token"


def test_a_wrong_token_and_a_deactivated_user_are_told_the_same(
    api: CheckedClient, anonymous: CheckedClient, user: User
):
    """Reliability 17."""
    anonymous.credentials(HTTP_AUTHORIZATION="Token 0123456789abcdef")
    assert anonymous.get("/api/v1/plans/").status_code == 401

    user.is_active = False
    user.save()

    assert api.get("/api/v1/plans/").status_code == 401


def test_only_the_owner_and_the_permitted_change_a_run(
    stranger: CheckedClient, other: User, user: User
):
    """Api.md, 403; reliability 17."""
    plan = made.plan(user)
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    for path in (f"plans/{plan.pk}/cancel/", f"runs/{plan.run_id}/pause/"):
        answer = stranger.post(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")

    other.user_permissions.add(Permission.objects.get(codename="change_run"))

    assert stranger.post(f"/api/v1/plans/{plan.pk}/cancel/").status_code == 202


def test_pause_resume_and_cancel_tell_the_new_state_or_why_not(api: CheckedClient, user: User):
    """Rows 2-64, 2-69, 2-72; api.md, 202 or 409."""
    address = f"/api/v1/plans/{made.plan(user).pk}"

    states = [
        api.post(f"{address}/{act}/").json()["state"] for act in ("pause", "resume", "cancel")
    ]
    assert states == ["paused", "queued", "cancelled"]
    late = api.post(f"{address}/resume/")
    assert late.status_code == 409
    assert late.json()["error"]["code"] == "invalid_transition"
    assert late.json()["error"]["state"] == "cancelled"


def test_a_branch_starts_from_a_checkpoint_that_was_reached(api: CheckedClient, user: User):
    """Design 6; api.md, branch."""
    plan = made.plan(user)
    made.gate(plan)

    branched = api.post(f"/api/v1/plans/{plan.pk}/branch/", {"checkpoint": 1, "guidance": "Less."})

    assert branched.status_code == 202
    told = api.get(f"/api/v1/plans/{branched.json()['id']}/").json()["branched_from"]
    assert told == {"plan_id": str(plan.pk), "checkpoint": 1, "guidance": "Less."}
    missing = api.post(f"/api/v1/plans/{plan.pk}/branch/", {"checkpoint": 7})
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "unknown_checkpoint")


def test_a_status_that_did_not_change_is_not_sent_again(api: CheckedClient, user: User):
    """Row 1-17 and api.md: the ETag, also as proxies rewrite it."""
    plan = made.plan(user)
    address = f"/api/v1/runs/{plan.run_id}/"
    first = api.get(address)
    tag = first["ETag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    api.post(f"/api/v1/plans/{plan.pk}/pause/")
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_gates_are_listed_by_state(api: CheckedClient, user: User):
    """Api.md, gates."""
    gate = made.gate(made.plan(user))

    pending = api.get("/api/v1/gates/", {"state": "pending"}).json()["results"]

    assert [one["id"] for one in pending] == [str(gate.pk)]
    assert pending[0]["may_answer"]["owner"] is True
    assert api.get("/api/v1/gates/", {"state": "decided"}).json()["results"] == []
    wrong = api.get("/api/v1/gates/", {"state": "maybe"})
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["state"])


def test_a_token_is_given_for_a_password_and_for_nothing_else(db: None):
    """Row 3-59."""
    anonymous = APIClient()
    User.objects.create_user("lin", password="a long pass phrase")

    given = anonymous.post("/api/v1/token/", {"username": "lin", "password": "a long pass phrase"})
    refused = anonymous.post("/api/v1/token/", {"username": "lin", "password": "a guess"})

    anonymous.credentials(HTTP_AUTHORIZATION=f"Token {given.json()['token']}")
    assert anonymous.get("/api/v1/plans/").status_code == 200
    assert refused.status_code == 400
    assert "a guess" not in refused.content.decode()


def test_the_schema_has_every_route_of_the_contract():
    """Api.md, `GET schema/`."""
    told = set(schema()["paths"])

    assert {
        "/api/v1/plans/{id}/branch/",
        "/api/v1/runs/{id}/events/",
        "/api/v1/gates/{id}/answer/",
        "/api/v1/messages/{id}/content/",
        "/api/v1/sessions/{id}/events/",
        "/api/v1/sessions/{id}/messages/{message}/edit/",
        "/api/checkpoint-approval",
    } <= told
