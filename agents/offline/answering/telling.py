"""Replies that need no query: help, goodbye, overviews, refusals. Their parts, text and end."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from agents.base import AgentEvent, Done, Part, Progress
from agents.chats import Intent, IntentType, Reply, ReplyInput
from agents.offline.answering import overview as overviews
from agents.offline.answering.clarifying import Chosen
from agents.offline.answering.intents import intent_of
from agents.offline.answering.suggestions import suggest, suggest_like
from agents.offline.answering.writing import deltas
from agents.offline.inline import escape

Status = Literal["answered", "declined", "denied", "ended"]
READY = Progress(percent=100, message="The answer is ready.", agent="insight")


class Clock:
    """Milliseconds since it was last asked."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def lap(self) -> int:
        now = time.monotonic()
        passed, self._last = now - self._last, now
        return round(passed * 1000)


def generating() -> Progress:
    return Progress(percent=40, message="Generating Insight...", agent="insight")


def intent_part(intent: Intent, milliseconds: int = 0) -> Part:
    return Part(name="intent", data=intent.model_dump(mode="json"), milliseconds=milliseconds)


def finished(
    text: str,
    intent: Intent,
    *,
    status: Status = "answered",
    suggestions: Sequence[str] = (),
    memory: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Iterator[AgentEvent]:
    """Tell the text word by word, and end with the whole reply."""
    yield from deltas(text)
    yield READY
    reply = Reply(
        status=status,
        text=text,
        intent=intent,
        suggestions=tuple(suggestions),
        memory=dict(memory or {}),
        **parts,
    )
    yield Done(result=reply.model_dump(mode="json"))


def offered(ask: ReplyInput) -> tuple[str, ...]:
    """Return the questions of the data model, or new ones if it has none."""
    return ask.model.questions or suggest(ask.model)


def small_talk(ask: ReplyInput, kind: IntentType, why: str) -> Iterator[AgentEvent]:
    clock = Clock()
    intent = intent_of(kind, 0.98, why)
    yield intent_part(intent, clock.lap())
    yield generating()
    if kind == "EXIT":
        yield from finished(overviews.goodbye_text(), intent, status="ended")
        return
    suggestions = offered(ask)[:5]
    yield from finished(
        overviews.help_text(ask.model, suggestions), intent, suggestions=suggestions
    )


def overview(ask: ReplyInput, tables: Sequence[str]) -> Iterator[AgentEvent]:
    clock = Clock()
    why = "The question asks for an overview, which the profile of the data has."
    intent = intent_of("NOT_PARTICULAR", 0.95, why)
    yield intent_part(intent, clock.lap())
    yield generating()
    suggestions = offered(ask)[:5]
    text = overviews.describe(ask.model, tables, suggestions)
    yield from finished(text, intent, suggestions=suggestions)


def rejected(ask: ReplyInput, chosen: Chosen) -> Iterator[AgentEvent]:
    intent = intent_of("PARTICULAR", 0.5, "What was asked back was not answered.")
    yield intent_part(intent)
    yield generating()
    reason = f" ({escape(chosen.comment, 400)})" if chosen.comment else ""
    text = f"Without an answer to that{reason}, the question stays open.\n"
    yield from finished(text, intent, status="denied", suggestions=offered(ask)[:5])


def declined(
    ask: ReplyInput, question: str, intent: Intent, reasons: Sequence[str]
) -> Iterator[AgentEvent]:
    """Say what was not understood, and what can be asked instead."""
    suggestions = suggest_like(ask.model, question)
    if intent.intent_type == "UNRELATED":
        lines = ["This does not seem to be about the data of this conversation.", ""]
    else:
        lines = ["This question is not understood well enough to answer it:", ""]
    lines += [f"- {escape(reason, 300)}" for reason in dict.fromkeys(reasons)]
    lines += [""] if reasons else []
    if suggestions:
        lines += ["These questions can be answered:", "", *(f"- {one}" for one in suggestions), ""]
    yield from finished("\n".join(lines), intent, status="declined", suggestions=suggestions)
