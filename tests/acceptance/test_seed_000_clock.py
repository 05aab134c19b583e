"""What is told while an engine is silent, on a clock of its own: ten seconds, thirty, five minutes."""

import asyncio
import threading
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agents.adapters import AdaptedEngine, Call, from_function
from agents.base import AgentEvent, Done, Engine, Progress, StepContext
from runs.agent_steps import drive
from runs.conf import run_settings
from runs.events import StillWorking
from streams.dialects.datamodel import CHAT, INITIALISATION
from streams.events import Event
from tests import virtual_time
from tests.chat.dialects.rows import messages

CONTEXT = StepContext(run_id="run", step="reply-1", input={})


class Silent:
    """An engine that says something after some seconds, and then nothing until it is done."""

    name = "silent"
    capabilities = frozenset({"reply"})

    def __init__(self, *seconds: float) -> None:
        self._seconds = seconds

    async def step(self, *args: Any, **kwargs: Any) -> AsyncIterator[AgentEvent]:
        for one in self._seconds[:-1]:
            await asyncio.sleep(one)
            yield Progress(percent=1, message="said")
        await asyncio.sleep(self._seconds[-1])
        yield Done(result={})


class Notes:
    """Stands for the run: keeps what is told of it, and when."""

    def __init__(self) -> None:
        self.cancel = threading.Event()
        self.told: list[tuple[float, Event]] = []

    async def emit(self, event: Event) -> None:
        self.told.append((asyncio.get_running_loop().time(), event))


async def driven(engine: Engine) -> list[tuple[float, Event]]:
    notes = Notes()
    scope = cast(Any, SimpleNamespace(context=notes, usage={}))

    async def tell(event: AgentEvent) -> None:
        return None

    await drive(scope, engine, "reply", CONTEXT, tell)
    return notes.told


def signs(told: list[tuple[float, Event]]) -> list[tuple[float, int, int]]:
    return [
        (round(at, 6), event.number, event.seconds)
        for at, event in told
        if isinstance(event, StillWorking)
    ]


def test_a_sign_of_life_comes_at_ten_twenty_and_thirty_seconds():
    """Rows 0-25, 1-2: the default is 10 s."""
    assert run_settings().tick_seconds == 10

    told = virtual_time.run(driven(Silent(35)))

    assert signs(told) == [(10, 1, 10), (20, 2, 20), (30, 3, 30)]


def test_real_progress_puts_the_next_sign_off():
    """Row 0-25: only while nothing else arrives."""
    told = virtual_time.run(driven(Silent(9, 9, 9, 15)))

    assert signs(told) == [(37, 1, 37)]


def test_another_interval_counts(settings: Any):
    """Row 0-25: configurable."""
    settings.RUNS = {**settings.RUNS, "TICK_SECONDS": 2}

    assert len(signs(virtual_time.run(driven(Silent(7))))) == 3


@pytest.mark.parametrize("dialect", [CHAT, INITIALISATION], ids=lambda one: one.name)
def test_in_five_minutes_there_are_thirty_texts_and_the_last_one_stays(dialect: Any):
    """Rows 0-26, 0-27, 0-28; trap T16: whoever reconnects reads them from the log."""
    told = virtual_time.run(driven(Silent(305)))

    signs_of_life = [event for _, event in told if isinstance(event, StillWorking)]
    texts = [one["message"] for one in messages(signs_of_life, dialect)]
    assert len(texts) == 30
    assert len(set(texts[-20:])) == 1
    if dialect is CHAT:
        assert texts[:2] == ["🧠 Analyzing your request...", "⚡ Generating response..."]


def test_silence_that_is_longer_than_usual_is_told_as_such():
    """Conflict C10: at five minutes, and nothing is stopped by it."""
    told = virtual_time.run(driven(Silent(305)))

    (warning,) = [(at, event) for at, event in told if event.type == "no_progress"]
    assert warning[0] == 300
    (text,) = messages([warning[1]], CHAT)
    assert text == {
        "type": "chat_progress",
        "message": "⚠️ Nothing new for 300 s. You can go on waiting, or cancel...",
    }


@pytest.mark.parametrize("how", ["sleeping", "busy"])
async def test_a_sync_agent_leaves_the_loop_to_others(settings: Any, how: str):
    """Rows 0-6, 1-8: signs of life come while its thread sleeps or calculates."""
    settings.RUNS = {**settings.RUNS, "TICK_SECONDS": 0.02}
    enough = threading.Event()
    told: list[int] = []

    def work(call: Call) -> dict[str, Any]:
        while not enough.is_set():
            if how == "sleeping":
                enough.wait(5)
            else:
                sum(range(20_000))
        return {}

    class Counting(Notes):
        async def emit(self, event: Event) -> None:
            told.append(1)
            if len(told) == 5:
                enough.set()

    engine = AdaptedEngine("sync", {"reply": from_function(work)})
    scope = cast(Any, SimpleNamespace(context=Counting(), usage={}))

    async def tell(event: AgentEvent) -> None:
        return None

    await drive(scope, engine, "reply", CONTEXT, tell)

    assert len(told) >= 5
