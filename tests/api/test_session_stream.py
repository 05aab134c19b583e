"""A chat on a real server: what is said at once is answered in turn, and nothing told is lost."""

from functools import partial
from typing import Any

import httpx
import pytest

from tests.api import walking
from tests.api.server import Server
from tests.api.wire import stream

pytestmark = pytest.mark.e2e
CONTROL = frozenset({"stream_opened", "reconnect"})
WORK = frozenset({"progress", "message_started", "content_delta", "message_completed", "result"})


def session(client: httpx.Client, **wish: Any) -> dict[str, Any]:
    """Start a chat and wait until its data is profiled."""
    started: dict[str, Any] = walking.post(client, "/api/v1/sessions/", wish).json()
    walking.ended(client, started["run_id"])
    return started


def say(client: httpx.Client, path: str, text: str, **more: Any) -> dict[str, Any]:
    answer = walking.post(client, path, {"text": text}, **more)
    told: dict[str, Any] = answer.raise_for_status().json()
    return told


def told(messages: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(one.id, one.json) for one in messages if one.json["type"] not in CONTROL]


def test_what_is_said_at_once_is_answered_one_after_the_other(ada: httpx.Client):
    """Rows 0-23, 4-44."""
    started = session(ada)
    path = f"/api/v1/sessions/{started['id']}/messages/"

    posted = walking.at_once([partial(say, ada, path, f"Question {n}?") for n in range(6)])

    assert sorted(one["turn"] for one in posted) == list(range(1, 7))
    for one in posted:
        assert walking.ended(ada, one["run_id"])["state"] == "completed"
    pages = {"Accept": "application/json"}
    page = walking.checked(ada.get(started["stream_url"], headers=pages)).json()
    working = [one["run_id"] for one in page["events"] if one["type"] in WORK]
    parted = [run for before, run in zip(["", *working], working, strict=False) if run != before]
    assert len(parted) == 7  # each run in one piece: the profile, and six answers
    by_turn = [one["run_id"] for one in sorted(posted, key=lambda one: one["turn"])]
    assert parted[1:] == by_turn


def test_a_chat_is_followed_over_all_its_runs_and_from_any_position(ada: httpx.Client):
    """Rows 4-1, 4-20, 4-27; reliability 1."""
    started = session(ada)
    path = f"/api/v1/sessions/{started['id']}/messages/"
    for number in range(2):
        walking.ended(ada, say(ada, path, f"Question {number}?")["run_id"])

    with stream(ada, started["stream_url"]) as opened:
        whole = opened.until("run_completed")
        whole += opened.until("run_completed")
        whole += opened.until("run_completed")
        say(ada, path, "And live?")
        whole += opened.until("run_completed")

    every = told(whole)
    assert [int(position) for position, _ in every] == list(range(1, len(every) + 1))
    cut = len(every) // 2
    with stream(ada, started["stream_url"], last_id=every[cut - 1][0]) as again:
        rest = again.until("run_completed")
        while int(rest[-1].id) < len(every):
            rest += again.until("run_completed")
    assert told(rest) == every[cut:]


def test_signals_bring_no_text_and_all_of_it_can_be_pulled(ada: httpx.Client):
    """Rows 4-2, 4-3, 4-5, 4-8."""
    started = session(ada)
    path = f"/api/v1/sessions/{started['id']}/messages/"
    posted = say(ada, path, "How many rows by month?")

    with stream(ada, posted["stream_url"], mode="signal") as opened:
        seen = [body for _, body in told(opened.rest())]

    assert not [one for one in seen if "content" in one["data"]]
    deltas = [one["data"] for one in seen if one["type"] == "content_delta"]
    assert [one["sequence"] for one in deltas] == list(range(1, len(deltas) + 1))
    content = walking.get(ada, f"/api/v1/messages/{deltas[0]['message_id']}/content/")
    assert content["content"].startswith("You asked: How many rows by month?")
    assert (content["sequence"], content["completed"]) == (len(deltas), True)


def test_ten_requests_with_one_key_say_part_and_merge_once(server: Server, ada: httpx.Client):
    """Api.md, Idempotency-Key; reliability 4."""
    started = session(ada)
    address = f"/api/v1/sessions/{started['id']}"
    headers = {"Idempotency-Key": "one"}

    def ten(path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        call = partial(walking.post, ada, f"{address}/{path}", body, headers=headers)
        answers = walking.at_once([call] * 10)
        assert {one.status_code for one in answers} <= {200, 201}
        return [one.json() for one in answers]

    parted = ten("branches/", {"name": "other"})
    posted = ten("messages/", {"text": "Once?"})
    walking.ended(ada, posted[0]["run_id"])
    merged = ten("branches/merge/", {"source": "main", "target": "other"})
    edited = ten(f"messages/{posted[0]['message_id']}/edit/", {"text": "Or?"})

    for answers in (parted, posted, merged, edited):
        assert answers == [answers[0]] * 10
    assert len(walking.get(ada, f"{address}/branches/")["branches"]) == 3
    key = started["id"].replace("-", "")
    (said,) = server.rows(
        "SELECT COUNT(*) FROM chat_message WHERE session_id = ? AND role = 'user'", key
    )
    assert said == (3,)  # asked, merged and edited
