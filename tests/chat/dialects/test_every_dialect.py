"""What holds of every dialect: its bytes, its end, and a cursor that all of them share."""

import importlib
import pkgutil
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import streams.dialects
from runs import actions
from runs.models import Run
from streams.dialects.base import Dialect
from streams.dialects.context import CONTEXT, CONTEXT_NAMED
from streams.dialects.datamodel import CHAT, INITIALISATION
from streams.dialects.insight import INSIGHT
from streams.dialects.native import NAMED, NATIVE
from streams.dialects.planning import PLANNING, PLANNING_NAMED
from streams.dialects.strategy import STRATEGY, STRATEGY_NAMED
from streams.pool import pooled
from streams.profiles import MODES
from streams.writing import Connection, Opening
from tests.chat.dialects.rows import raw
from tests.chat.dialects.samples import SAMPLES
from tests.chat.talking import ask, start
from tests.sse_client import Message, Parser

RENEWED = {"reconnect", "closed"}
RUNS = {"run_completed", "run_failed", "run_cancelled", "run_rejected", "run_expired"}
# The types of the messages with which a stream of each dialect may end.
LAST: dict[Dialect, set[str]] = {
    NATIVE: RUNS,
    NAMED: RUNS,
    PLANNING: {"complete"},
    PLANNING_NAMED: {"complete"},
    INITIALISATION: {"complete", "error"},
    CHAT: {"chat_result", "error"},
    INSIGHT: {"task_completed", "task_error"},
    STRATEGY: RUNS,
    STRATEGY_NAMED: RUNS,
    CONTEXT: RUNS,
    CONTEXT_NAMED: RUNS,
}
DIALECTS = pytest.mark.parametrize("dialect", LAST, ids=lambda one: one.name)
database = pytest.mark.django_db(transaction=True)
threads = pytest.mark.usefixtures("real_threads")


def has_end(dialect: Dialect, messages: list[Message]) -> bool:
    """Whether a reader of these messages knows that nothing follows; an end without is a fault."""
    return bool(messages) and messages[-1].type in LAST[dialect] | RENEWED


async def refusal() -> str:
    return ""


async def left() -> str:
    return "signed_out"


@dataclass(frozen=True, slots=True)
class Told:
    """A run of a session that has ended: where a reader finds its events."""

    stream_id: UUID
    run: str
    begins_after: int

    async def read(
        self, dialect: Dialect, after: int | None = None, why: Any = refusal
    ) -> list[Message]:
        opening = Opening(
            stream_id=self.stream_id,
            after=self.begins_after if after is None else after,
            dialect=dialect,
            run=self.run,
        )
        parser = Parser()
        async with aclosing(Connection(opening, why).frames()) as frames:
            return [one async for chunk in frames for one in parser.feed(chunk)]


def told(run: Run) -> Told:
    return Told(run.stream_id, run.pk.hex, run.begins_after)


def initialised() -> Run:
    session = start()
    return Run.objects.get(stream=session.stream_id, kind="initialise")


def answered() -> Run:
    return ask(start(), "How many rows by month?")


def failed() -> Run:
    return ask(start(), "Please fail")


def cancelled() -> Run:
    return actions.cancel(ask(start(mode="act"), "Please call a tool").pk)


ENDED = pytest.mark.parametrize("made", [initialised, answered, failed, cancelled])


def is_about(dialect: Dialect, made: Callable[[], Run]) -> bool:
    """Whether a dialect tells of such a run at all."""
    if dialect is INITIALISATION:
        return made is initialised
    return not (dialect in (CHAT, INSIGHT) and made is initialised)


def test_every_dialect_is_tried_here():
    modules = pkgutil.iter_modules(streams.dialects.__path__, "streams.dialects.")
    found = {
        value
        for module in modules
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Dialect)
    }

    assert {one.name for one in found} == {one.name for one in LAST}


@database
@threads
@ENDED
@DIALECTS
async def test_a_stream_ends_with_a_message_that_says_so(dialect: Dialect, made: Callable[[], Run]):
    """Reliability 15; traps T5, T13; rows 0-29, 0-30."""
    messages = await (await pooled(lambda: told(made()))()).read(dialect)

    if is_about(dialect, made):
        assert has_end(dialect, messages), [one.type for one in messages]
        ends = [one.type for one in messages if one.type in LAST[dialect]]
        assert len(ends) == 1
    for end in range(len(messages) - 1):
        assert not has_end(dialect, messages[: end + 1]), "a cut stream looked like a whole one"


@database
@threads
@pytest.mark.parametrize("why", ["closed", "reconnect"])
@DIALECTS
async def test_a_connection_that_is_ended_by_us_says_so_in_every_dialect(
    dialect: Dialect, why: str, settings: Any
):
    """Reliability 15; a reader who may read no longer, and one whose connection is renewed."""
    limits = {"MAX_AGE_SECONDS": 0.01} if why == "reconnect" else {}
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.01, **limits}
    session = await pooled(start)()
    run = await pooled(lambda: Run.objects.get(stream=session.stream_id))()
    open_ended = Told(session.stream_id, "", run.begins_after)

    messages = await open_ended.read(dialect, why=left if why == "closed" else refusal)

    assert messages[-1].type == why
    assert has_end(dialect, messages)


@database
@threads
@DIALECTS
async def test_a_reader_may_change_to_another_dialect_at_every_position(dialect: Dialect):
    """Conflict C4: one cursor for all; nothing lost, nothing twice."""
    run = await pooled(lambda: told(answered()))()
    before = [one for one in await run.read(NATIVE) if not one.is_control]
    whole = [(one.id, one.data) for one in await run.read(dialect) if one.id]
    positions = [int(one.id) for one in before]

    for position in positions[:-1]:  # after the last one the view answers 204
        after = await run.read(dialect, after=position)
        rest = [(one.id, one.data) for one in after if int(one.id or 0) > position]
        assert rest == [(id_, data) for id_, data in whole if int(id_) > position]


@pytest.mark.parametrize("mode", MODES)
@DIALECTS
def test_no_text_can_break_a_frame(dialect: Dialect, mode: Any):
    """Row 0-31; reliability 15: CRLF, U+2028, NUL, halves of surrogates and emoji in text."""
    for event in SAMPLES:
        sent = raw(event, dialect, mode)
        assert b"\r" not in sent
        assert b"\x00" not in sent
        assert sent.decode().splitlines() == sent.decode().split("\n")[:-1]
        for message in Parser().feed(sent):
            assert message.id == "42"
            assert message.event != "error"
            assert message.json["type"]
    assert "🧭".encode() in b"".join(raw(one, NATIVE, "inline") for one in SAMPLES)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=300))
@DIALECTS
def test_whatever_somebody_writes_each_event_is_one_json_object_a_line(dialect: Dialect, text: str):
    """Row 0-31."""
    for type_ in ("message_added", "content_delta", "gate_opened", "progress"):
        event = next(one for one in SAMPLES if one.type == type_)
        fields = {"content": text, "question": text, "message": text}
        changed = event.model_copy(
            update={name: value for name, value in fields.items() if hasattr(event, name)}
        )
        for message in Parser().feed(raw(changed, dialect)):
            assert isinstance(message.json, dict)
