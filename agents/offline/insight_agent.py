"""An engine's replies as an ordinary sync function, for scripts and programs without a loop.

    agent = InsightAgent()
    result = agent.process_query_with_intent("Rows by month?", context, progress_callback=print)

Each call drives one step of an engine to its end on a loop of its own. From inside a running
loop, call it in a thread: `await asyncio.to_thread(agent.process_query, ...)`.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from agents.base import (
    NO_DECISIONS,
    ApprovalNeeded,
    Decision,
    Done,
    Engine,
    Part,
    Progress,
    StepContext,
    StepKind,
)
from agents.callables import PARTS, ProgressCallback
from agents.chats import Reply, ReplyInput
from agents.exceptions import Permanent
from agents.registry import engine as engine_called

T = TypeVar("T")
Json = dict[str, Any]
NAMES = {part: name for name, (part, _) in PARTS.items()}
ENGINE = "offline"


def _particular(reply: Reply) -> Json:
    """One thing of the data was asked for: what was executed, and what it says."""
    told = "insight" if reply.insight is not None else "declined"
    return {"type": told, "query_result": _json(reply.query), "data_summary": _json(reply.summary)}


def _general(reply: Reply) -> Json:
    return {"type": "overview", "data_summary": _json(reply.summary)}


HANDLERS: Mapping[str, Callable[[Reply], Json]] = {
    "PARTICULAR": _particular,
    "NOT_PARTICULAR": _general,
    "HELP": lambda reply: {"type": "help"},
    "UNRELATED": lambda reply: {"type": "declined"},
    "EXIT": lambda reply: {"type": "exit", "is_over": True},
}


class InsightAgent:
    """Answers messages about data. Keeps nothing between calls."""

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine or engine_called(ENGINE)

    def process_query_with_intent(
        self,
        user_message: str,
        context: Mapping[str, Any],
        progress_callback: ProgressCallback | None = None,
    ) -> Json:
        """Find out what a message wants, do that, and return what came of it.

        `context` is the rest of `agents.chats.ReplyInput`: at least the `model` and the `folder`
        of the data; `history` makes it a conversation. `progress_callback(name, payload)` is
        called with `intent_parsed`, `query_executed`, `insight_generated` and `data_summary` as
        each is ready, and with `progress` and a text in between.

        The result has `type` (insight, overview, help, declined, exit or question),
        `intent_result`, `insight_result`, `response` and `suggestions`. A `question` is answered
        by calling again with its `state` and the `answer` in the context. Raises `AgentError`.
        """
        given = {name: one for name, one in context.items() if name not in ("state", "answer")}
        ending = drive_step(
            self._engine, "reply", _input(given, user_message), context, caller(progress_callback)
        )
        if isinstance(ending, ApprovalNeeded):
            return {
                "type": "question",
                "response": ending.question,
                "options": list(ending.options),
                "state": ending.state,
            }
        return _result(Reply.model_validate(ending.result))

    def process_query(self, user_message: str, context: Mapping[str, Any]) -> Json:
        """Do the same without being told how far it is."""
        return self.process_query_with_intent(user_message, context)


def _input(context: Mapping[str, Any], message: str) -> Json:
    try:
        return ReplyInput.model_validate({**context, "question": message}).model_dump(mode="json")
    except ValueError as error:
        message = f"context needs the model and the folder of the data: {error}"
        raise Permanent(message, code="bad_context") from error


def _result(reply: Reply) -> Json:
    return {
        **HANDLERS[reply.intent.intent_type](reply),
        "intent_type": reply.intent.intent_type,
        "intent_result": reply.intent.model_dump(mode="json"),
        "insight_result": _json(reply.insight),
        "response": reply.text,
        "status": reply.status,
        "suggestions": list(reply.suggestions),
        "memory": reply.memory,
    }


def _json(shape: Any) -> Any:
    return None if shape is None else shape.model_dump(mode="json")


def caller(callback: ProgressCallback | None) -> Callable[[Any], None]:
    """Return what tells a callback of an engine's events, each under its name."""

    def tell(event: Any) -> None:
        if callback is None:
            return
        if isinstance(event, Part):
            callback(NAMES.get(event.name, event.name), dict(event.data))
        elif isinstance(event, Progress):
            callback("progress", event.message)

    return tell


def drive_step(
    engine: Engine,
    kind: StepKind,
    given: Json,
    context: Mapping[str, Any],
    tell: Callable[[Any], None],
) -> Done | ApprovalNeeded:
    """Return how the engine ended a step, on a loop of this call's own."""
    decisions = NO_DECISIONS
    if "answer" in context:
        decisions = {"question": Decision(decision="answer", comment=str(context["answer"]))}
    step = StepContext(run_id="sync", step=kind, input=given, state=context.get("state"))

    async def drive() -> Done | ApprovalNeeded:
        async for event in engine.step(kind, step, threading.Event(), decisions):
            if isinstance(event, Done | ApprovalNeeded):
                return event
            tell(event)
        raise Permanent(f"{engine.name} ended a step without a result.", code="bad_engine")

    return _alone(drive())


def _alone(work: Coroutine[Any, Any, T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    work.close()
    raise RuntimeError("A loop runs here already; call this in a thread (asyncio.to_thread).")
