"""What is refused at the doors of the AI SDK dialect, before a byte of stream."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from runs.api.aisdk_body import LARGEST_BODY
from tests.api.server import Server, Template, running

pytestmark = pytest.mark.e2e
DOORS = ("/ai-sdk/chat", "/ai-sdk/plan")
HELLO = {"type": "text", "text": "How many rows?"}


def body(*parts: Any, **more: Any) -> dict[str, Any]:
    message = {"id": "m1", "role": "user", "parts": list(parts) or [HELLO]}
    return {"id": uuid4().hex, "messages": [message], "demo": "penguins", **more}


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize("path", DOORS)
def test_strangers_and_other_sites_are_refused(server: Server, path: str):
    """Reliability 17, 18: a cookie needs its crumb, a token does not."""
    with server.client() as nobody:
        assert code(nobody.post(path, json=body())) == (401, "not_authenticated")
        assert code(nobody.get(f"{path}/some-chat/stream")) == (401, "not_authenticated")
        form = {"username": "ada", "password": "a-password-of-tests"}
        nobody.get("/sign-in/")
        crumb = nobody.cookies["csrftoken"]
        nobody.post("/sign-in/", data={**form, "csrfmiddlewaretoken": crumb})
        assert code(nobody.post(path, json=body())) == (403, "csrf")
        crumb = nobody.cookies["csrftoken"]
        sent = nobody.post(path, json=body(), headers={"X-CSRFToken": crumb})
        assert sent.status_code == 200
        assert sent.text.endswith("data: [DONE]\n\n")


@pytest.mark.parametrize("path", DOORS)
def test_what_is_malformed_names_its_field(ada: httpx.Client, path: str):
    """Reliability 20."""
    file = {"type": "file", "mediaType": "text/csv", "url": "data:text/csv,a"}
    user = {"id": "m1", "role": "user", "parts": [HELLO]}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("id", body(id="")),
        ("id", body(id="a/b")),
        ("id", body(id="x" * 101)),
        ("messages", body(messages=[])),
        ("messages", body(messages=[{"id": "m1", "role": "system", "parts": [HELLO]}])),
        ("messages", body(messages=[{**user, "id": ""}])),
        ("messages", body(messages=[{**user, "parts": "text"}])),
        ("messages", body(file)),
        ("messages", body({"type": "text", "text": 7})),
        ("messages", body({"type": "text", "text": " "})),
        ("messages", body({"type": "text", "text": "nul \x00"})),
        ("messages", body({"type": "text", "text": "half \ud800"})),
        ("trigger", body(trigger="resume")),
    ]
    for field, given in wrong:
        # As ASCII, which can hold half of a surrogate pair.
        answer = ada.post(
            path, content=json.dumps(given), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400, (field, given, answer.text)
        assert field in answer.json()["error"]["fields"], (field, answer.text)
    assert code(ada.post(path, data={"id": "x"}))[0] == 415
    assert code(ada.get(path))[0] == 405
    large = ada.post(path, json=body({"type": "text", "text": "x" * LARGEST_BODY}))
    assert code(large) == (413, "too_large")


def test_a_new_chat_needs_data_that_exists(ada: httpx.Client):
    unnamed = {**body(), "demo": ""}
    del unnamed["demo"]
    assert code(ada.post("/ai-sdk/chat", json=unnamed)) == (404, "not_found")
    unknown = ada.post("/ai-sdk/chat", json={**body(), "demo": "unicorns"})
    assert list(unknown.json()["error"]["fields"]) == ["demo"]
    files = ada.post("/ai-sdk/chat", json={**unnamed, "files": [str(uuid4())]})
    assert list(files.json()["error"]["fields"]) == ["files"]


@pytest.mark.parametrize("path", DOORS)
def test_nothing_runs_in_a_chat_that_is_unknown_or_somebody_elses(
    server: Server, ada: httpx.Client, path: str
):
    assert ada.get(f"{path}/{uuid4()}/stream").status_code == 204
    mine = body()
    assert ada.post(path, json=mine).status_code == 200
    with server.client("grace") as grace:
        assert grace.get(f"{path}/{mine['id']}/stream").status_code == 204


def test_a_session_of_somebody_else_is_not_written_in(server: Server, ada: httpx.Client):
    """Reliability 17: it is a name like any other, and without data it is none."""
    session = ada.post("/api/v1/sessions/", json={"demo": "penguins"}).json()["id"]
    with server.client("grace") as grace:
        given = body(id=session)
        del given["demo"]
        assert code(grace.post("/ai-sdk/chat", json=given)) == (404, "not_found")
        own = grace.post("/ai-sdk/chat", json=body(id=session))

    assert f'"session_id":"{session}"' not in own.text
    assert ada.get(f"/api/v1/sessions/{session}/messages/").json()["results"] == []


def test_what_is_too_much_is_refused_before_it_starts(template: Template, tmp_path: Path):
    """Reliability 20: the rate of starts and the number of streams, with the time to wait."""
    limits = {"CAIRN_RATE_RUNS": "2/min", "CAIRN_STREAMS_PER_USER": "1"}
    script = '{"slow": {"reply": 0.2}}'
    with (
        running(template, tmp_path, CAIRN_SCRIPT=script, **limits) as busy,
        busy.client("ada") as ada,
    ):
        mine = body()
        with ada.stream("POST", "/ai-sdk/chat", json=mine) as open_:
            assert open_.status_code == 200
            second = ada.get(f"/ai-sdk/chat/{mine['id']}/stream")
            third = ada.post("/ai-sdk/chat", json=body())
        for refused in (second, third):
            assert code(refused) == (429, "too_many_streams")
            assert int(refused.headers["Retry-After"]) > 0
        assert busy.rows("SELECT COUNT(*) FROM chat_chatsession") == [(1,)]
        answers = [ada.post("/ai-sdk/plan", json=body()) for _ in range(3)]

    assert "too_many_requests" in [code(one)[1] for one in answers if one.status_code == 429]
