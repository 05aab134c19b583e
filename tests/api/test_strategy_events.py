"""GET /api/strategies/{id}/events on a real server: the stream, its pages, and the status beside it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api import server as servers
from tests.api import walking
from tests.api.server import Server, Template
from tests.api.wire import proxy, stream
from tests.sse_client import Message

pytestmark = pytest.mark.e2e
SCRIPT = {
    "events_per_iteration": 2,
    "fail": {"competition": {"times": 99, "error": "permanent"}},
    "slow": {"risks": 0.2},
}


@pytest.fixture(scope="module")
def own(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose strategies fail in one step and take their time in another."""
    told = {"CAIRN_SCRIPT": json.dumps(SCRIPT), "CAIRN_NO_PROGRESS": "0.12"}
    with servers.running(template, tmp_path_factory.mktemp("strategies"), **told) as one:
        yield one


def start(client: httpx.Client) -> dict[str, Any]:
    answer = walking.post(client, "/api/strategies/", {"goal": walking.new_goal()})
    assert answer.status_code == 202
    started: dict[str, Any] = answer.json()
    return started


def finished(client: httpx.Client) -> tuple[dict[str, Any], list[Message]]:
    started = start(client)
    with stream(client, started["stream_url"]) as opened:
        return started, opened.rest()


def test_a_strategy_is_told_from_its_start_to_its_end(ada: httpx.Client):
    """Rows 3-10, 3-22, 3-41, 3-42, 3-45, 3-64, 3-65."""
    started, messages = finished(ada)

    first, *told = messages
    assert first.type == "stream_opened"
    assert first.json["data"]["no_progress_seconds"] == 300
    assert first.json["data"]["status_url"] == started["status_url"]
    assert [one.json["position"] for one in told] == list(range(1, len(told) + 1))
    assert {one.json["event"] for one in told} == {"progress", "complete", "educational", "status"}
    steps = [one.json["data"]["step"] for one in told if one.type == "strategy_step_started"]
    assert steps == list(range(1, 9))
    assert (told[-1].json["event"], told[-1].json["final"]) == ("complete", True)
    assert told[-1].json["data"]["progress"] == 100
    (ready,) = [one.json["data"] for one in told if one.type == "strategy_ready"]
    house = walking.get(ada, f"/api/v1/strategies/{started['id']}/")
    assert ready["content"] == house["document"]


def test_the_post_does_not_wait_for_the_work(own: Server):
    """Row 3-10: the answer comes while the work, which takes a second here, has not ended."""
    with own.client("ada") as ada:
        started = start(ada)

    assert started["status"] in ("queued", "running")
    assert started["finished_at"] is None


def test_a_step_that_fails_alone_is_told_and_the_end_is_complete(own: Server):
    """Rows 3-4, 3-47."""
    with own.client("ada") as ada:
        started, messages = finished(ada)
        status = walking.get(ada, started["status_url"])

    (failed,) = [one.json for one in messages if one.type == "strategy_step_failed"]
    assert (failed["event"], failed["data"]["step"]) == ("status", 4)
    assert failed["data"]["error"] == "The script says that competition fails."
    assert messages[-1].json["event"] == "complete"
    assert status["message"] == "Strategy ready, without 1 of 8 steps."
    assert [one["title"] for one in status["missing"]] == ["Analyzing the competition"]


def test_silence_is_told_and_ends_nothing(own: Server):
    """Rows 3-14, 3-51, 3-6."""
    with own.client("ada") as ada:
        _, messages = finished(ada)

    silent = [one.json["data"] for one in messages if one.type == "no_progress"]
    assert silent
    assert {one["limit_seconds"] for one in silent} == {0.12}
    assert messages[-1].json["event"] == "complete"


def test_the_estimate_comes_from_what_was_measured(own: Server):
    """Row 3-10: the next estimate knows how slow this installation is."""
    with own.client("grace") as grace:
        finished(grace)
        later = start(grace)

    assert 0.5 < later["estimate_seconds"] < 15


def test_pages_have_the_same_frames_and_their_own_interval(ada: httpx.Client):
    """Rows 3-11, 3-12, 3-54; conflicts C1, C2: one log, two ways to read it."""
    started, messages = finished(ada)
    address, headers = started["stream_url"], {"Accept": "application/json"}

    page = ada.get(address, headers=headers).json()
    rest = ada.get(address, params={"after": 5, "limit": 3}, headers=headers).json()

    assert page["events"] == [one.json for one in messages[1:]]
    assert (page["poll_after_ms"], page["state"]) == (10_000, "completed")
    assert [one["position"] for one in rest["events"]] == [6, 7, 8]


def test_a_client_that_has_seen_all_is_told_so(ada: httpx.Client):
    """Trap T5: 204 ends an EventSource, which would come back for ever after a clean end."""
    started, messages = finished(ada)

    again = ada.get(started["stream_url"], headers={"Last-Event-ID": messages[-1].id})

    assert again.status_code == 204


def test_named_frames_have_the_five_names_but_never_error(ada: httpx.Client):
    """Rows 3-22, 3-24; trap T3."""
    started = start(ada)
    ada.post(started["command_url"], json={"data": {"command": "cancel"}})
    with stream(ada, started["stream_url"], named=1) as opened:
        messages = opened.rest()

    assert messages[-1].json["event"] in ("error", "complete")
    assert {one.event for one in messages} <= {
        "progress", "complete", "educational", "status", "strategy_error",
    }  # fmt: skip


def test_a_cut_connection_goes_on_where_it_was(own: Server):
    """Rows 3-27, 3-47."""
    with proxy(own.port) as wire, own.client("ada", port=wire.port) as client:
        started = start(client)
        with stream(client, started["stream_url"]) as opened:
            seen = opened.until("strategy_step_started")
            wire.cut()
        with stream(client, started["stream_url"], last_id=seen[-1].id) as opened:
            seen += opened.rest()[1:]

    assert [one.json["position"] for one in seen[1:]] == list(range(1, len(seen)))
    assert seen[-1].json["final"] is True


@pytest.mark.parametrize(
    ("name", "status"), [("", 401), ("mallory", 404)], ids=["nobody", "a stranger"]
)
def test_who_may_not_read_gets_no_byte_of_it(
    server: Server, ada: httpx.Client, name: str, status: int
):
    """Row 3-59; reliability 17."""
    started = start(ada)

    with server.client(name) as client:
        answer = client.get(started["stream_url"])

    assert answer.status_code == status
    assert "error" in answer.json()
    assert ada.post(started["stream_url"], json={}).status_code == 405
