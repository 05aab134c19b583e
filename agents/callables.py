"""Agents in the shapes that the first chats had, as steps of an engine.

    engine = AdaptedEngine("mine", {"reply": from_chat(agent.chat_sync)})
    engine = AdaptedEngine("mine", {"reply": from_query(agent.process_query_with_intent)})

`chat_sync(session_id, message)` may be a coroutine function as well. What they return may be a
text, the JSON of a `Reply`, or a mapping with some of its members; the rest is filled in.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from agents.adapters import Call, Emit, Source, from_callback
from agents.base import Delta, Done, Part, Progress
from agents.chats import Insight, Intent, Query, Reply, ReplyInput, Summary
from agents.exceptions import Permanent
from agents.plans import Shape

S = TypeVar("S", bound=Shape)
ProgressCallback = Callable[[str, Any], None]
ChatFunction = Callable[[str, str], Any]
QueryFunction = Callable[[str, Mapping[str, Any], ProgressCallback], Any]

PARTS: Mapping[str, tuple[str, type[Shape]]] = {
    "intent_parsed": ("intent", Intent),
    "query_executed": ("query", Query),
    "insight_generated": ("insight", Insight),
    "data_summary": ("summary", Summary),
}
UNSAID = Intent(
    intent_type="NOT_PARTICULAR", confidence=0, reasoning="The agent did not say what it read."
)


def from_chat(function: ChatFunction) -> Source:
    """Make the `reply` step of a function of a session's id and a message, sync or async."""

    async def source(call: Call, put: Callable[[Any], Awaitable[None]]) -> None:
        ask = ReplyInput.model_validate(call.input)
        if inspect.iscoroutinefunction(function):
            said = await function(ask.session_id, ask.question)
        else:
            said = await asyncio.to_thread(function, ask.session_id, ask.question)
        reply = reply_of(said, {})
        await put(Delta(text=reply.text))
        await put(Done(result=reply.model_dump(mode="json")))

    return source


def from_query(function: QueryFunction) -> Source:
    """Make the `reply` step of a function that tells by a callback how far it has come.

    It is given the message, the rest of the step's input as `context`, and the callback. A call
    of that with one of `PARTS` tells a part of the reply; with any other name, progress.
    """

    def work(call: Call, emit: Emit) -> Done:
        ask = ReplyInput.model_validate(call.input)
        parts: dict[str, Any] = {}

        def progress_callback(name: str, payload: Any) -> None:
            emit(_told(name, payload, parts))

        context = {name: one for name, one in call.input.items() if name != "question"}
        reply = reply_of(function(ask.question, context, progress_callback), parts)
        emit(Delta(text=reply.text))
        return Done(result=reply.model_dump(mode="json"))

    return from_callback(work)


def _told(name: str, payload: Any, parts: dict[str, Any]) -> Part | Progress:
    if name not in PARTS:
        return Progress(percent=0, message=payload if isinstance(payload, str) else name)
    part, shape = PARTS[name]
    data = _checked(shape, payload, f"The payload of {name}").model_dump(mode="json")
    parts[part] = data
    return Part(name=part, data=data)


def reply_of(said: Any, parts: Mapping[str, Any]) -> Reply:
    """Return what an agent said as a whole reply, with the parts it has told before."""
    if isinstance(said, str):
        said = {"text": said}
    if isinstance(said, Shape):
        said = said.model_dump(mode="json")
    if not isinstance(said, Mapping):
        raise _wrong(
            f"An agent returned {type(said).__name__}; it has to return a text or a reply."
        )
    known = {"status": "answered", "intent": UNSAID.model_dump(mode="json"), **parts}
    given = {name: one for name, one in said.items() if name in Reply.model_fields}
    return _checked(Reply, {**known, **given}, "The reply")


def _checked(shape: type[S], value: Any, what: str) -> S:
    try:
        return shape.model_validate(value)
    except ValueError as error:
        raise _wrong(f"{what} is no {shape.__name__}: {error}") from error


def _wrong(message: str) -> Permanent:
    return Permanent(message, code="bad_engine")
