"""What GET /api/execute-plan refuses: nothing has started then."""

from contextlib import ExitStack

import httpx
import pytest

from tests.api import walking
from tests.api.server import Server
from tests.api.wire import stream

pytestmark = pytest.mark.e2e
PATH = "/api/execute-plan"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "goal"),
        ({"goal": "  "}, "goal"),
        ({"goal": "a\x00b"}, "goal"),
        ({"session_id": "unknown"}, "goal"),
        *[
            ({"goal": "never started", name: value}, name)
            for name in ("max_iterations", "checkpoint_interval")
            for value in ("0", "-1", "21", "1.5", "1e9", "true", "four", "", "9" * 400)
        ],
        (
            {"goal": "never started", "max_iterations": 2, "checkpoint_interval": 3},
            "checkpoint_interval",
        ),
        ({"goal": "never started", "session_id": "x" * 101}, "session_id"),
        ({"goal": "never started", "session_id": "a\nb"}, "session_id"),
        ({"goal": "never started", "mode": "loud"}, "mode"),
        ({"goal": "never started", "after": "-1"}, "after"),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_named_and_nothing_starts(
    server: Server, ada: httpx.Client, query: dict[str, str | int], field: str
):
    """Rows 2-16, 2-19; reliability 20."""
    answer = ada.get(PATH, params=query)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert server.plans("never started") == 0


def test_a_goal_that_is_too_long_for_an_address_is_refused(ada: httpx.Client):
    """Rows 2-16, 0-18; reliability 20."""
    answer = ada.get(PATH, params={"goal": "x" * 10_001})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (414, ["goal"])


def test_whoever_is_not_signed_in_starts_nothing(server: Server):
    """Reliability 17."""
    with server.client() as nobody:
        answer = nobody.get(PATH, params={"goal": "never started"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert server.plans("never started") == 0


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
def test_only_a_get_starts_a_plan(server: Server, ada: httpx.Client, method: str):
    """Conflict C8; reliability 18."""
    answer = ada.request(method, PATH, params={"goal": "never started"})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert server.plans("never started") == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Purpose": "prefetch"},
    ],
    ids=str,
)
def test_another_site_starts_nothing_with_our_cookie(
    server: Server, session: httpx.Client, headers: dict[str, str]
):
    """Conflict C8; trap T14; reliability 18; row 0-19."""
    answer = session.get(PATH, params={"goal": "never started"}, headers=headers)

    assert answer.status_code == 403
    assert server.plans("never started") == 0
    own = {"Sec-Fetch-Site": "same-origin"}
    with stream(session, PATH, goal=walking.new_goal()) as opened:
        assert opened.response.status_code == 200
    assert session.get(PATH, headers=own).status_code == 400


def test_more_streams_than_allowed_start_no_plan(server: Server, grace: httpx.Client):
    """Row 3-62; reliability 20."""
    waits = walking.plan(grace)
    path = f"/api/v1/runs/{waits['run_id']}/events/"
    with ExitStack() as stack:
        held = [stack.enter_context(stream(grace, path)) for _ in range(40)]
        refused = grace.get(PATH, params={"goal": "never started"})

    assert {one.response.status_code for one in held} == {200}
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert server.plans("never started") == 0
