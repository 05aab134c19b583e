"""A real OpenAI-compatible server with a small model, where its packages are installed.

Its answers are poor, so nothing here is about what they say: about their form, about what is
checked and marked, and about a server that refuses, is left, and is asked again.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx
import pytest

from agents.adapters import AdaptedEngine
from agents.base import Delta, Done, Engine, StepContext
from agents.contract import (
    DOCUMENT,
    EngineContract,
    Flag,
    Recording,
    chat_inputs,
    planning_inputs,
    record,
)
from agents.exceptions import Cancelled, Permanent
from agents.models.engine import made
from agents.models.local_server import CONTEXT, NAME
from agents.models.settings import ModelSettings
from tests.e2e import model_server
from tests.e2e.model_server import KEY

DOCUMENTS = [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]
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
            "tools": "form",
            "temperature": 0.0,
            "retries": 1,
            **changed,
        }
        return ModelSettings(**given)

    def engine(self, **changed: Any) -> AdaptedEngine:
        return made(NAME, self.settings(**changed))


@pytest.fixture(scope="module")
def local() -> Iterator[Running]:
    """Start the server as a process of its own. Without its packages the tests are skipped."""
    model_server.need()
    with model_server.running() as url:
        yield Running(url)


class TestLocalModel(EngineContract):
    """The contract over a real model: what it says is poor, how it is told is not."""

    running: ClassVar[Running]
    known: ClassVar[dict[str, Recording]] = {}

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _running(cls, local: Running) -> None:
        cls.running = local

    def make_engine(self) -> Engine:
        return self.running.engine(max_tokens=96, context_tokens=2048)

    def _recordings(self) -> dict[str, Recording]:
        if not self.known:  # each step takes seconds, and is the same every time
            self.known.update(super()._recordings())
        return self.known

    def test_what_was_used_is_counted(self) -> None:
        for kind, recording in self._recordings().items():
            assert isinstance(recording.ending, Done)
            used = recording.ending.usage
            assert kind == "workflow" or used["output_tokens"] > 0
            assert "cost_usd" not in used


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
