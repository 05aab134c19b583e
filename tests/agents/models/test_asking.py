"""Asking a server over HTTP: cancelled with the step, late, refused, without leaking.

Reliability 7 and 24.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import pytest

from agents.adapters import AdaptedEngine
from agents.base import AgentEvent, Delta, StepContext
from agents.contract import Flag
from agents.exceptions import AgentError, Cancelled, Permanent, Retryable
from agents.models.engine import made
from agents.models.settings import ModelSettings
from tests.agents.models.http_server import Exchange, Server, serving
from tests.agents.models.stubs import INTENT

SECRET = "sk-very-secret"
PROMPT = "How many loaves did the secretive baker sell?"
WITHIN = 1.0


def asking(server: Server, **settings: Any) -> AdaptedEngine:
    given = {"model": "m", "url": server.url, "key": SECRET, "retries": 0, **settings}
    return made("m", ModelSettings(**given))


def events(
    asked: AdaptedEngine, given: Mapping[str, Any], flag: Flag | None = None
) -> AsyncIterator[AgentEvent]:
    context = StepContext(run_id="run", step="reply", input={**given, "question": PROMPT})
    return asked.step("reply", context, flag or Flag())


async def failure(server: Server, given: Mapping[str, Any], **settings: Any) -> AgentError:
    """Return the error with which the step ends."""
    with pytest.raises(AgentError) as raised:
        async with asyncio.timeout(20):
            [_ async for _ in events(asking(server, **settings), given)]
    return raised.value


async def well(exchange: Exchange) -> None:
    """Sort the message; then answer without end."""
    await exchange.begin()
    if "response_format" in exchange.body:
        await exchange.say(json.dumps(INTENT))
        await exchange.end()
        return
    while True:
        await exchange.say("and ")
        await asyncio.sleep(0.01)


async def silent(exchange: Exchange) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("answer", [well, silent])
async def test_cancelling_hangs_up_on_the_server_within_a_second(
    question: dict[str, Any], answer: Any
) -> None:
    """Reliability 7."""
    flag = Flag()
    async with serving(answer) as server, aclosing(events(asking(server), question, flag)) as told:  # type: ignore[type-var]

        async def read() -> None:
            async for event in told:
                if isinstance(event, Delta):
                    flag.on = True

        reading = asyncio.ensure_future(read())
        await asyncio.wait_for(server.arrived.wait(), 10)
        if answer is silent:
            flag.on = True
        started = time.monotonic()
        with pytest.raises(Cancelled):
            await asyncio.wait_for(reading, 10)
        await asyncio.wait_for(server.left.wait(), WITHIN)
        assert time.monotonic() - started < WITHIN + 1


async def test_a_step_whose_task_is_cancelled_hangs_up_too(question: dict[str, Any]) -> None:
    async with serving(silent) as server:

        async def read() -> None:
            [_ async for _ in events(asking(server), question)]

        reading = asyncio.ensure_future(read())
        await asyncio.wait_for(server.arrived.wait(), 10)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await asyncio.wait_for(server.left.wait(), WITHIN)


async def test_a_server_that_says_nothing_is_left_after_the_timeout(
    question: dict[str, Any],
) -> None:
    async with serving(silent) as server:
        error = await failure(server, question, timeout=0.3)

    assert isinstance(error, Retryable)
    assert error.code == "model_timeout"


async def test_a_server_that_speaks_without_end_is_left_after_the_timeout(
    question: dict[str, Any],
) -> None:
    async with serving(well) as server:
        error = await failure(server, question, timeout=1)

    assert error.code == "model_timeout"


async def test_the_key_is_sent_and_the_limits_are_too(question: dict[str, Any]) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.status(400, {"error": {"message": "no"}})

    async with serving(refuse) as server:
        await failure(server, question, max_tokens=99, context_tokens=2000, temperature=0.0)
        (asked,) = server.asked

    assert asked.headers["authorization"] == f"Bearer {SECRET}"
    assert asked.body["model"] == "m"
    assert asked.body["temperature"] == 0.0
    assert 99 in (asked.body.get("max_tokens"), asked.body.get("max_completion_tokens"))
    assert asked.body["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, {}, Permanent, "bad_key"),
        (403, {}, Permanent, "bad_key"),
        (402, {}, Permanent, "quota_exceeded"),
        (404, {}, Permanent, "engine_not_configured"),
        (400, {}, Permanent, "request_rejected"),
        (400, {"code": "context_length_exceeded"}, Permanent, "context_too_long"),
        (400, {"message": "exceeds the available context size"}, Permanent, "context_too_long"),
        (400, {"code": "content_filter"}, Permanent, "model_refused"),
        (408, {}, Retryable, "model_timeout"),
        (429, {}, Retryable, "rate_limited"),
        (429, {"code": "insufficient_quota"}, Permanent, "quota_exceeded"),
        (500, {}, Retryable, "model_unavailable"),
        (502, {}, Retryable, "model_unavailable"),
        (503, {}, Retryable, "model_unavailable"),
        (529, {}, Retryable, "model_unavailable"),
    ],
)
async def test_what_a_server_refuses_becomes_an_error_that_says_what_to_do(
    question: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    status: int,
    body: dict[str, Any],
    kind: type[AgentError],
    code: str,
) -> None:
    """Reliability 24."""
    caplog.set_level(logging.INFO)

    async def answer(exchange: Exchange) -> None:
        whole = {"message": f"{PROMPT} {SECRET}", "type": "error", **body}
        await exchange.status(status, {"error": whole}, Retry_After="7")

    async with serving(answer) as server:
        error = await failure(server, question)

    assert (type(error), error.code) == (kind, code)
    if code == "rate_limited":
        assert getattr(error, "retry_after", None) == 7
    for text in (str(error), caplog.text):
        assert PROMPT not in text
        assert SECRET not in text
    assert error.__cause__ is None


async def test_a_server_that_is_not_there_can_be_asked_again(question: dict[str, Any]) -> None:
    async with serving(silent) as server:
        pass

    error = await failure(server, question)

    assert isinstance(error, Retryable)
    assert error.code == "model_unavailable"


async def test_a_connection_that_breaks_can_be_asked_again(question: dict[str, Any]) -> None:
    async def break_off(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say('{"intent')

    async with serving(break_off) as server:
        error = await failure(server, question)

    assert error.code == "model_unavailable"


@pytest.mark.parametrize(
    ("reason", "code"), [("content_filter", "model_refused"), ("length", "output_too_long")]
)
async def test_an_answer_that_is_withheld_or_cut_off_is_none(
    question: dict[str, Any], reason: str, code: str
) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say("" if reason == "content_filter" else '{"intent')
        await exchange.end(reason)

    async with serving(answer) as server:
        error = await failure(server, question)

    assert error.code == code


async def test_an_answer_in_a_wrong_form_is_asked_for_again_and_then_fails(
    question: dict[str, Any],
) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say("I would rather talk.")
        await exchange.end()

    async with serving(answer) as server:
        error = await failure(server, question, retries=2)
        assert len(server.asked) == 3

    assert error.code == "bad_output"


async def test_a_failure_on_the_way_is_tried_again_as_often_as_the_settings_say(
    question: dict[str, Any],
) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.status(503, {"error": {}}, retry_after_ms="1")

    async with serving(answer) as server:
        await failure(server, question, retries=1)
        assert len(server.asked) == 2


@pytest.mark.parametrize(("mode", "sent"), [("native", "response_format"), ("tool", "tools")])
async def test_forms_are_asked_for_as_the_settings_say(
    question: dict[str, Any], mode: Any, sent: str
) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.status(400, {"error": {}})

    async with serving(refuse) as server:
        await failure(server, question, output=mode)
        assert sent in server.asked[0].body
