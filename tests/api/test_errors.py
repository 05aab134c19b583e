"""Whatever is wrong, the answer is `{"error": {"code", "message", "fields"?}}`."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory

from project import errors
from tests.api import made
from tests.api.contract import CheckedClient

pytestmark = pytest.mark.django_db
JSON = "application/json"
DEEP = '{"goal":' * 40 + "1" + "}" * 40


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed"),
        ("", 400, "invalid"),
        ('{"goal": NaN}', 400, "malformed"),
        ('{"goal": "x", "max_iterations": 1e999}', 400, "malformed"),
        (DEEP, 400, "malformed"),
        ("[" * 100_000, 400, "malformed"),
        ("9" * 5000, 400, "malformed"),
        ("[]", 400, "invalid"),
        ('"a text"', 400, "invalid"),
        ("null", 400, "invalid"),
        ("7", 400, "invalid"),
        ('{"goal": "' + "x" * 10_000_000 + '"}', 413, "too_large"),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.parametrize(
    "path", ["plans/", "entities/", "gates/{gate}/answer/", "sessions/{session}/messages/"]
)
def test_a_body_that_is_no_object_is_refused(
    api: CheckedClient, user: User, path: str, body: str, status: int, code: str
):
    """Reliability 20; row 3-61."""
    gate, session = made.gate(made.plan(user)), made.session(user)
    address = path.format(gate=gate.pk, session=session.pk)

    answer = api.generic("POST", f"/api/v1/{address}", body, JSON)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert len(answer.content) < 400


def test_a_body_that_is_not_utf_8_is_refused_whatever_its_charset_says(api: CheckedClient):
    """Reliability 20."""
    for kind in (JSON, f"{JSON}; charset=bz2", f"{JSON}; charset=zip"):
        answer = api.generic("POST", "/api/v1/plans/", b'{"goal": "\xff"}', kind)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


def test_other_methods_and_types_are_refused_with_what_would_do(api: CheckedClient):
    """Api.md, errors."""
    form = api.generic("POST", "/api/v1/plans/", "goal=x", "application/x-www-form-urlencoded")
    text = api.generic("POST", "/api/v1/files/", "{}", JSON)
    method = api.delete("/api/v1/plans/")

    assert [one.status_code for one in (form, text, method)] == [415, 415, 405]
    assert form.json()["error"]["code"] == "unsupported_media_type"
    assert method.json()["error"]["code"] == "method_not_allowed"
    assert method["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_an_answer_that_only_json_can_give_is_not_given_as_xml(api: CheckedClient):
    """Api.md, errors."""
    answer = api.get("/api/v1/plans/", headers={"Accept": "application/xml"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (406, "not_acceptable")


def test_starting_too_much_is_refused_until_later(
    api: CheckedClient, stranger: CheckedClient, rates: Any
):
    """Rows 3-60, 3-62; reliability 20."""
    rates(runs="2/min", requests="10/min")

    codes = [api.post("/api/v1/plans/", {"goal": "x"}).status_code for _ in range(2)]
    late = api.post("/api/v1/plans/", {"goal": "x"})

    assert codes == [201, 201]
    assert (late.status_code, late.json()["error"]["code"]) == (429, "too_many_requests")
    assert 0 < int(late["Retry-After"]) <= 60
    assert api.get("/api/v1/plans/").status_code == 200
    assert stranger.post("/api/v1/plans/", {"goal": "x"}).status_code == 201


def test_asking_too_often_is_refused_until_later(api: CheckedClient, rates: Any):
    """Row 3-60; reliability 20."""
    rates(requests="3/min")

    codes = [api.get("/api/v1/plans/").status_code for _ in range(4)]

    assert codes == [200, 200, 200, 429]


def test_what_no_route_takes_is_told_in_json_below_api_only(client: Client):
    """Api.md, errors."""
    for path in ("/api/v1/nonsense/", "/api/v1/runs/not-an-id/", "/api/nothing"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    page = client.get("/nonsense/")
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_bug_and_a_refusal_of_django_are_told_in_json_below_api_only():
    """Reliability 24: the body of a 500 says nothing of its reason."""
    request, page = RequestFactory().get("/api/v1/plans/"), RequestFactory().get("/plans/")

    told = [
        errors.server_error(request),
        errors.bad_request(request, ValueError("secret")),
        errors.bad_request(request, RequestDataTooBig()),
    ]

    assert [one.status_code for one in told] == [500, 400, 413]
    assert all(one["Content-Type"] == JSON and b"secret" not in one.content for one in told)
    assert errors.server_error(page)["Content-Type"].startswith("text/html")
    assert errors.bad_request(page, ValueError())["Content-Type"].startswith("text/html")
