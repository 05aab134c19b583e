"""Wherever a connection is cut, what a reader gets in the end is what it would have got."""

import itertools
import json
import random
import uuid
from typing import Any

import httpx
import pytest
from httpx_sse import EventSource

from runs.models import Run
from streams import log
from streams.pool import pooled
from tests.factories import Noted, Said
from tests.sse_client import Message, Parser
from tests.streams.servers import CuttingProxy, serving

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = uuid.UUID(int=7)


@pytest.fixture
def recorded(run: Run) -> Run:
    """A run whose stream has ended: text in pieces, and facts between them."""
    for sequence in range(1, 6):
        said = Said(
            message_id=MESSAGE,
            sequence=sequence,
            content=f"é{sequence}\u2028\n",
            completed=sequence == 5,
        )
        log.append(run.stream_id, [said, Noted(text="x" * sequence)], run_id=run.pk)
    log.append(run.stream_id, [Noted(text="end")], run_id=run.pk, close=True)
    return run


class Answers:
    """What the server answers, asked once for each cursor."""

    def __init__(self, open_stream: Any, mode: str) -> None:
        self._open = open_stream
        self._mode = mode
        self._bytes: dict[str, bytes] = {}
        self._pages: dict[str, dict[str, Any]] = {}

    async def stream(self, cursor: str) -> bytes:
        if cursor not in self._bytes:
            async with self._open(f"?mode={self._mode}", Last_Event_ID=cursor) as stream:
                self._bytes[cursor] = await stream.body()
        return self._bytes[cursor]

    async def page(self, cursor: str) -> dict[str, Any]:
        if cursor not in self._pages:
            query = f"?mode={self._mode}&limit=3&after={cursor or 0}"
            async with self._open(query, Accept="application/json") as page:
                self._pages[cursor] = await page.json()
        return self._pages[cursor]


def events(messages: list[Message]) -> list[dict[str, Any]]:
    return [message.json for message in messages if not message.is_control]


@pytest.mark.parametrize("mode", ["inline", "signal"])
async def test_a_stream_cut_at_any_byte_and_resumed_is_the_undisturbed_one(
    recorded, open_stream, mode
):
    """Reliability 11."""
    answers = Answers(open_stream, mode)
    whole = await answers.stream("")
    expected = events(Parser().feed(whole))
    assert [event["position"] for event in expected] == list(range(1, 12))

    for offset in range(len(whole)):
        parser = Parser()
        got = events(parser.feed(whole[:offset]))
        rest = Parser().feed(await answers.stream(parser.last_id))
        assert got + events(rest) == expected, offset


async def test_a_client_that_changes_to_polling_and_back_at_any_byte_misses_nothing(
    recorded, open_stream
):
    """Reliability 11."""
    answers = Answers(open_stream, "inline")
    whole = await answers.stream("")
    expected = events(Parser().feed(whole))

    for offset in range(len(whole)):
        parser = Parser()
        got = events(parser.feed(whole[:offset]))
        page = await answers.page(parser.last_id)
        got += page["events"]
        rest = Parser().feed(await answers.stream(str(page["position"])))
        assert got + events(rest) == expected, offset


async def test_text_pulled_on_signals_is_the_same_wherever_the_signals_were_cut(
    recorded, open_stream
):
    """Reliability 11."""
    answers = Answers(open_stream, "signal")
    inline = Answers(open_stream, "inline")
    whole = await answers.stream("")
    expected = "".join(
        event["data"].get("content", "") for event in events(Parser().feed(await inline.stream("")))
    )
    pulled: dict[int, log.Content] = {}

    async def pull(after: int) -> log.Content:
        if after not in pulled:
            found = await pooled(log.content_after)(MESSAGE, after, limit=2)
            assert found is not None
            pulled[after] = found
        return pulled[after]

    for offset in range(0, len(whole), 7):
        parser = Parser()
        signals = events(parser.feed(whole[:offset]))
        signals += events(Parser().feed(await answers.stream(parser.last_id)))
        text, sequence = "", 0
        for signal in signals:
            while sequence < signal["data"].get("sequence", 0):
                content = await pull(sequence)
                text, sequence = text + content.text, content.sequence
        assert text == expected, offset


async def follow(client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> list[Any]:
    """Follow a stream with a client of strangers' making, over all cuts, to its end."""
    found: list[Any] = []
    cursor = ""
    for _ in range(300):
        resume = {"Last-Event-ID": cursor} if cursor else {}
        try:
            async with client.stream("GET", url, headers={**headers, **resume}) as response:
                if response.status_code == 204:
                    return found
                async for message in EventSource(response).aiter_sse():
                    cursor = message.id or cursor
                    event = json.loads(message.data)
                    if "position" in event:
                        found.append(event)
                    if event["type"] == "test_noted" and event["data"] == {"text": "end"}:
                        return found
        except httpx.TransportError:
            continue
    raise AssertionError("the stream never ended")


def offsets(seed: int) -> Any:
    """Cut within the first frames, later, and finally not at all."""
    dice = random.Random(seed)
    few = [dice.randrange(300, 4000) for _ in range(40)]
    return itertools.chain(few, itertools.repeat(2**40))


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
async def test_a_strangers_client_follows_over_connections_that_are_really_cut(
    recorded, token, tmp_path, real_threads, name
):
    """Reliability 11: a proxy cuts each of forty connections at a random byte."""
    path = f"/api/v1/runs/{recorded.pk}/events/"
    headers = {"Authorization": f"Token {token}", "Accept": "text/event-stream"}
    expected = [
        json.loads(row.body)["position"]
        for row in await pooled(log.read_after)(recorded.stream_id, 0, 99)
    ]

    with serving(name, tmp_path) as server:
        proxy = CuttingProxy(server.port, offsets(11))
        async with proxy.running(), httpx.AsyncClient(timeout=20) as client:
            for _ in range(12):
                url = f"http://127.0.0.1:{proxy.port}{path}"
                found = await follow(client, url, headers)
                assert [event["position"] for event in found] == expected
                text = "".join(event["data"].get("content", "") for event in found)
                assert text == "".join(f"é{number}\u2028\n" for number in range(1, 6))

    assert proxy.made >= 20
