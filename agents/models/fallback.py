"""When the offline engine stands in for a model that cannot answer, and how its answer says so.

Only where the settings allow it, and only before a model has said anything that people saw: an
answer that was begun is not finished by somebody else.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents.adapters import Call, Put, from_engine
from agents.base import AgentEvent, ApprovalNeeded, Delta, Done, Part, Progress
from agents.exceptions import AgentError, Cancelled
from agents.models.bench import Bench

# Where the text of a result is that the notice is put in front of. The deltas of the first kinds
# make up that text, so they begin with it too.
TOLD_TEXTS = {
    "reply": "text",
    "propose": "approach",
    "summarise": "summary",
    "finalise": "markdown",
}
TEXTS = {**TOLD_TEXTS, "iterate": "focus"}
STAND_IN = "stand_in"  # the key of a state that is the offline engine's
EARLY = frozenset({"intent", "reference"})  # parts that come before anything is known


class Heard:
    """Passes on what a step tells, and keeps two engines from telling the same twice."""

    def __init__(self, put: Put) -> None:
        self.has_spoken_text = False
        self.parts: set[str] = set()
        self._put = put
        self._percent = 0.0

    async def put(self, event: AgentEvent) -> None:
        if isinstance(event, Progress):
            self._percent = max(self._percent, event.percent)
            event = replace(event, percent=self._percent)
        if isinstance(event, Part):
            self.parts.add(event.name)
        self.has_spoken_text |= isinstance(event, Delta)
        await self._put(event)

    @property
    def has_spoken(self) -> bool:
        """Tell whether people have seen something that another engine would have to take back."""
        return self.has_spoken_text or bool(self.parts - EARLY)


def may_stand_in(bench: Bench, call: Call, error: AgentError, heard: Heard) -> bool:
    is_allowed = bench.settings.fallback == "offline" and call.state is None
    return is_allowed and not heard.has_spoken and not isinstance(error, Cancelled)


def is_standing_in(call: Call) -> bool:
    """Tell whether the step stopped in the offline engine, which then goes on with it."""
    return isinstance(call.state, Mapping) and STAND_IN in call.state


async def stand_in(bench: Bench, call: Call, heard: Heard, error: AgentError) -> None:
    """Let the offline engine do a step that the model could not, and say so in its result."""
    notice = (
        f"*The language model could not be used ({error.code}): {error} "
        "What follows is the offline engine's, which is not a language model.*\n\n"
    )
    await heard.put(Progress(percent=0, message=_plain(notice), agent="offline"))
    told = frozenset(heard.parts)

    async def put(event: AgentEvent) -> None:
        if isinstance(event, Part) and event.name in told:
            return
        if isinstance(event, Delta) and not heard.has_spoken_text:
            await heard.put(Delta(text=notice))
        if isinstance(event, Done):
            event = replace(event, result=_with_notice(event.result, call.kind, notice))
        await heard.put(_marked(event))

    await from_engine(bench.offline)(call, put)


async def go_on(bench: Bench, call: Call, put: Put) -> None:
    """Let the offline engine go on with a step in which it stopped."""

    async def marked(event: AgentEvent) -> None:
        await put(_marked(event))

    await from_engine(bench.offline)(replace(call, state=call.state[STAND_IN]), marked)


def _marked(event: AgentEvent) -> AgentEvent:
    if isinstance(event, ApprovalNeeded):
        return replace(event, state={STAND_IN: event.state})
    return event


def _with_notice(result: Mapping[str, Any], kind: str, notice: str) -> dict[str, Any]:
    if kind == "strategy":
        return _with_notice_of_strategy(result, notice)
    place = TEXTS.get(kind)
    return {**result, place: f"{notice}{result[place]}"} if place else dict(result)


def _plain(notice: str) -> str:
    return notice.strip("*\n")


def _with_notice_of_strategy(result: Mapping[str, Any], notice: str) -> dict[str, Any]:
    """Say it where each step says what it came to, and at the head of the document."""
    written = result.get("strategy")
    if written:
        written = {**written, "markdown": f"{notice}{written['markdown']}"}
    achieved = f"{_plain(notice)} {result['achievement']}"
    return {**result, "achievement": achieved, "strategy": written}
