"""Other origins, cookies and crumbs: closed unless somebody opened it."""

from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from tests.api import made, walking
from tests.api.server import Server
from tests.api.wire import stream

FRIEND = "https://friend.example"
STRANGER = "https://evil.example"
NO_CORS = "access-control-allow-origin"


@pytest.mark.e2e
def test_an_allowed_origin_may_read_and_ask_with_credentials(ada: httpx.Client):
    """Row 0-35; conflict C13; reliability 18."""
    asked = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key,last-event-id",
    }
    preflight = ada.options("/api/v1/plans/", headers=asked)
    run = walking.plan(ada)["run_id"]
    with stream(ada, f"/api/v1/runs/{run}/events/", headers={"Origin": FRIEND}) as opened:
        streamed = opened.response.headers
    listed = ada.get("/api/v1/plans/", headers={"Origin": FRIEND}).headers

    for headers in (preflight.headers, streamed, listed):
        assert headers["access-control-allow-origin"] == FRIEND
        assert headers["access-control-allow-credentials"] == "true"
    allowed = preflight.headers["access-control-allow-headers"]
    assert {"idempotency-key", "last-event-id", "x-csrftoken"} <= set(allowed.split(", "))
    assert "ETag" in listed["access-control-expose-headers"]


@pytest.mark.e2e
def test_a_denied_origin_gets_no_leave_whatever_it_asks(ada: httpx.Client):
    """Row 0-35; trap T14; reliability 18: never `*`."""
    asked = {"Origin": STRANGER, "Access-Control-Request-Method": "POST"}
    answers = [
        ada.options("/api/v1/plans/", headers=asked),
        ada.get("/api/v1/plans/", headers={"Origin": STRANGER}),
        ada.get("/api/v1/plans/", headers={"Origin": "null"}),
        ada.get("/api/execute-plan", headers={"Origin": STRANGER}),
    ]

    assert all(NO_CORS not in one.headers for one in answers)


def test_cookies_stay_on_this_site_and_out_of_scripts(client: Client, db: None):
    """Reliability 18."""
    User.objects.create_user("lin", password="a long pass phrase")
    form = {"username": "lin", "password": "a long pass phrase"}

    for secure in (False, True):
        with override_settings(SESSION_COOKIE_SECURE=secure, CSRF_COOKIE_SECURE=secure):
            client.logout()
            signed_in = client.post("/sign-in/", form)
            client.get("/sign-in/")
        cookie = signed_in.cookies["sessionid"]
        assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
        assert bool(cookie["secure"]) is secure
        assert signed_in.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.fixture
def browser(user: User) -> Client:
    """Ada's browser, of which Django checks the crumb."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    return browser


def crumb(browser: Client) -> dict[str, str]:
    browser.get("/")
    return {"X-CSRFToken": browser.cookies["csrftoken"].value}


@pytest.mark.django_db
def test_a_browser_changes_nothing_without_its_crumb(browser: Client, user: User):
    """Reliability 18; row 2-11."""
    gate = made.gate(made.plan(user))
    plan = made.plan(user)
    posts: list[tuple[str, Any]] = [
        ("/api/v1/plans/", {"goal": "x"}),
        (f"/api/v1/plans/{plan.pk}/cancel/", {}),
        (f"/api/v1/runs/{plan.run_id}/pause/", {}),
        ("/api/v1/entities/", {"title": "x", "body": "x"}),
        (f"/api/v1/gates/{gate.pk}/answer/", {"decision": "approve", "digest": gate.digest}),
        ("/api/checkpoint-approval", {"session_id": str(gate.run.plan.pk), "checkpoint": 1}),
    ]
    for path, body in posts:
        answer = browser.post(path, body, "application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf"), path

    crumbs = crumb(browser)
    allowed = [browser.post(path, body, "application/json", headers=crumbs) for path, body in posts]
    assert [one.status_code for one in allowed] == [201, 202, 409, 201, 200, 200]


@pytest.mark.django_db
def test_a_decision_from_a_browser_is_noted_as_such(browser: Client, user: User):
    """Design 3, via."""
    gate = made.gate(made.plan(user))
    body = {"decision": "approve", "digest": gate.digest}

    address = f"/api/v1/gates/{gate.pk}/answer/"
    answer = browser.post(address, body, "application/json", headers=crumb(browser))

    assert answer.json()["via"] == "web"


@pytest.mark.e2e
def test_a_token_in_an_address_is_none(server: Server):
    """Reliability 24: addresses end up in logs."""
    token = server.tokens["ada"]
    with server.client() as nobody:
        for path in ("/api/v1/plans/", "/api/execute-plan"):
            asked = {"token": token, "access_token": token, "goal": "never started"}
            assert nobody.get(path, params=asked).status_code == 401
