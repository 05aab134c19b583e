"""One pattern for all that people watch: initialising, chatting and planning behave alike.

Rows 0-48, 0-50: each box of that plan's checklists has its test here or beside it.
"""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.operations import OPERATIONS, Operation
from tests.api.wire import stream
from tests.sse_client import Message

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("project", "chat", "planning", "files", "runs", "streams", "agents")
ALL = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def events(messages: list[Message]) -> list[Message]:
    return [one for one in messages if not one.is_control]


def whole(client: httpx.Client, path: str, **query: Any) -> list[Message]:
    with stream(client, path, **query) as opened:
        return events(opened.rest())


@ALL
def test_each_operation_tells_its_progress_in_the_same_shape(
    ada: httpx.Client, operation: Operation
):
    """Rows 0-1, 0-49, 0-40, 0-41, 0-46: one schema, rising to 100 and not before the end."""
    told = whole(ada, operation.begin(ada).native)

    moving = [one for one in told if one.json["event"] == "progress"]
    moving = [one for one in moving if one.type not in ("content_delta", "plan_metrics")]
    assert operation.progress in {one.type for one in moving}
    for one in moving:
        data = one.json["data"]
        kinds = {name: type(data[name]) for name in ("step", "message")}
        assert kinds == {"step": str, "message": str}
        assert 0 <= data["progress"] < 100
    shares = [one.json["data"]["progress"] for one in moving]
    assert shares == sorted(shares)
    assert (told[-1].type, told[-1].json["event"]) == ("run_completed", "complete")
    assert (told[-1].json["final"], told[-1].json["data"]["progress"]) == (True, 100)


@ALL
def test_each_operation_is_streamed_with_the_same_headers(ada: httpx.Client, operation: Operation):
    """Rows 0-1, 0-32, 0-33, 0-34: what belongs to a connection is left to the server."""
    begun = operation.begin(ada)
    kept = []
    query: dict[str, Any] = {**begun.query, "after": 0}
    for path in (begun.native, begun.legacy):
        with stream(ada, path, **query) as opened:
            kept.append(opened.response.headers)
            opened.rest()

    for headers in kept:
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["cache-control"] == "no-cache"
        assert headers["x-accel-buffering"] == "no"
        assert headers["transfer-encoding"] == "chunked"
        assert "connection" not in headers


@ALL
def test_whoever_comes_late_is_told_the_same_from_the_log(ada: httpx.Client, operation: Operation):
    """Rows 0-4, 0-10, 0-49; trap T16: also by pages."""
    begun = operation.begin(ada)
    first = whole(ada, begun.native)
    again = whole(ada, begun.native)
    pages = ada.get(begun.native, headers={"Accept": "application/json"}).json()

    assert [one.data for one in first] == [one.data for one in again]
    assert [one.json for one in first] == pages["events"]
    assert pages["has_more"] is False


@ALL
def test_a_cursor_works_alike_at_every_position(ada: httpx.Client, operation: Operation):
    """Rows 0-10, 0-17, 0-49; traps T5, T17: nothing lost, nothing twice, 204 at the end."""
    begun = operation.begin(ada)
    told = whole(ada, begun.native)

    for index in range(0, len(told) - 1, max(1, len(told) // 8)):
        rest = whole(ada, begun.native, after=told[index].id)
        assert [one.data for one in rest] == [one.data for one in told[index + 1 :]]
    last = told[-1].id
    for path, query in ((begun.native, {}), (begun.legacy, begun.query)):
        asked = (
            ada.get(path, params=query, headers={"Last-Event-ID": last}),
            ada.get(path, params={**query, "after": last}),
        )
        assert [(one.status_code, one.content) for one in asked] == [(204, b"")] * 2


@ALL
def test_the_older_stream_tells_the_same_run_and_ends_with_its_last_word(
    ada: httpx.Client, operation: Operation
):
    """Rows 0-1, 0-29, 0-31; conflict C4: the same positions in another dialect."""
    begun = operation.begin(ada)
    positions = {one.id for one in whole(ada, begun.native)}
    with stream(ada, begun.legacy, after=0, **begun.query) as opened:
        told = [one for one in opened.rest() if one.type != "session"]

    assert told[-1].type == operation.ends
    assert [one.type for one in told].count(operation.ends) == 1
    assert {one.id for one in told} <= positions
    assert b"\r" not in opened.raw
    for line in opened.raw.decode().splitlines():
        assert re.match(r"(data: \{.*\}|id: \d+|retry: \d+|: hb|)$", line), line


@pytest.mark.parametrize("operation", OPERATIONS[:2], ids=str)
def test_results_are_one_type_with_the_whole_result_as_data(
    ada: httpx.Client, operation: Operation
):
    """Rows 0-42: `result`, and after it the `complete` envelope."""
    told = whole(ada, operation.begin(ada).native)

    results = [one for one in told if one.type == "result"]
    assert [one.json["event"] for one in results] == ["result"]
    assert isinstance(json.loads(results[0].json["data"]["content"]), dict)
    assert told[-1].json["event"] == "complete"


def sources() -> dict[str, str]:
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    files += list((ROOT / "static" / "js").rglob("*.js"))
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


@pytest.mark.parametrize(
    "name",
    [
        "_async_jobs",
        "update_job_progress",
        "get_current_job_id",
        "set_current_job_id",
        "active_tasks",
    ],
)
def test_the_job_system_is_gone(name: str):
    """Rows 0-2, 0-13, 0-14, 1-41: a run and its log are the only state."""
    assert {path for path, text in sources().items() if name in text} == set()


def test_there_is_one_way_to_stream():
    """Row 0-1: no second code path, whatever is streamed and in which dialect.

    Dialects of other people's clients, whose frames depend on those before, share a second one.
    """
    texts = sources()

    opened = {
        path for path, text in texts.items() if re.search(r"(connection|self).frames\(\)", text)
    }
    assert opened == {"streams/views.py", "runs/api/folding.py"}
    typed = {path for path, text in texts.items() if re.search(r'content_type=.?"text/event', text)}
    assert typed == set()
