"""Any pydantic-ai Agent as an agent of Cairn: its replies are durable, streamed and stoppable.

    from agents.models.wrapped import wrapped

    agent = wrapped(support_agent, deps=lambda call: Bank(call.input["session_id"]))

The agent keeps its model, instructions, tools and output. Its text is streamed, its tool calls
are told, and a call that needs approval becomes a gate: what the run has to remember is JSON in
the state, so that another process can go on.
"""

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import AgentRunResult, DeferredToolRequests
from pydantic_ai.agent import AbstractAgent
from pydantic_ai.exceptions import UserError
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)
from pydantic_core import to_jsonable_python

from agents.adapters import Call, Put, Source
from agents.base import Delta, Done, Part
from agents.callables import UNSAID
from agents.chats import Reply, ReplyInput, Turn
from agents.exceptions import Permanent
from agents.models import pausing
from agents.models.asking import Texts
from agents.models.errors import translated
from agents.models.telling import ToolTeller
from agents.models.usage import told

Deps = Callable[[Call], Any]
AsText = Callable[[Any], str]
MESSAGES = "messages"  # of a turn, in the memory of its reply
MOST_PAUSES = 50  # that nobody needs to be asked about, in one step


def as_text(output: Any) -> str:
    """Return an answer in a fixed form as Markdown: a line for each of its fields."""
    plain = to_jsonable_python(output, fallback=str, inf_nan_mode="strings")
    if not isinstance(plain, dict):
        return _line(plain)
    return "\n".join(f"- **{name.replace('_', ' ')}**: {_line(one)}" for name, one in plain.items())


def _line(plain: Any) -> str:
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def wrapped(
    agent: AbstractAgent[Any, Any], *, deps: Deps | None = None, text: AsText = as_text
) -> Source:
    """Make the `reply` step of a pydantic-ai agent.

    `deps` is called for each part of a run between two waits, and makes what the agent's tools
    depend on; it may be async, and if not it is called in a thread. `text` turns an output that is no text into Markdown.
    """

    async def source(call: Call, put: Put) -> None:
        made = await asyncio.to_thread(deps, call) if deps else None
        given = await made if inspect.isawaitable(made) else made
        ask = ReplyInput.model_validate(call.input)
        await _Answer(agent, call, put, ask, given, text).work()

    return source


@dataclass
class _Answer:
    """One round of an agent's reply: until it is done, or a person must say something."""

    agent: AbstractAgent[Any, Any]
    call: Call
    put: Put
    ask: ReplyInput
    deps: Any
    as_text: AsText
    said: list[str] = field(default_factory=list)
    known: int = 0  # messages of earlier turns
    is_denied: bool = False
    tools: ToolTeller = field(init=False)

    def __post_init__(self) -> None:
        self.tools = ToolTeller(self.put, self.call.results)

    async def work(self) -> None:
        state = self.call.state
        given = await self._begun() if state is None else self._resumed(state)
        for _ in range(MOST_PAUSES):
            result = await self._run(**given)
            if not isinstance(result.output, DeferredToolRequests):
                await self._done(result)
                return
            if result.output.calls:
                tools = ", ".join(one.tool_name for one in result.output.calls)
                message = f"{self._name} called {tools}, which runs elsewhere: no one can answer."
                raise Permanent(message, code="bad_engine")
            asked = pausing.question(
                result.conversation,
                result.output,
                {"known": self.known, "is_denied": self.is_denied},
                allowed=self.ask.allowed,
                descriptions=self.tools.descriptions,
            )
            if asked.calls:
                await self.put(asked)
                return
            given = self._resumed(asked.state)
        raise Permanent(f"{self._name} called tools without coming to an end.", code="too_deep")

    async def _begun(self) -> dict[str, Any]:
        history = list(_history(self.ask.history))
        self.known = len(history)
        for quoted in self.ask.references:
            await self.put(Part(name="reference", data=quoted.model_dump(mode="json")))
        quotes = (f"@{one.reference}:\n{one.text}" for one in self.ask.references)
        prompt = "\n\n".join([self.ask.question, *quotes])
        return {"user_prompt": prompt, "message_history": history or None}

    def _resumed(self, state: Mapping[str, Any]) -> dict[str, Any]:
        conversation, results, is_denied = pausing.resumed(
            state, self.call.decisions, allowed=self.ask.allowed
        )
        self.known = state["known"]
        self.is_denied = is_denied or state["is_denied"]
        return {"conversation": conversation, "deferred_tool_results": results}

    async def _run(self, **given: Any) -> AgentRunResult[Any]:
        texts = Texts(spoke=bool(self.said))
        with translated(self._name), _explained(self._name):
            async with (
                self.agent,
                self.agent.run_stream_events(
                    **given,
                    deps=self.deps,
                    output_type=_or_paused(self.agent),
                    capabilities=[self.tools],
                    infer_name=False,
                ) as events,
            ):
                async for event in events:
                    await self._say(texts.of(event) or "")
                result = events.result
        if result is None:
            raise Permanent(f"{self._name} gave no answer.", code="bad_output")
        return result

    async def _say(self, text: str) -> None:
        if text:
            self.said.append(text)
            await self.put(Delta(text=text))

    async def _done(self, result: AgentRunResult[Any]) -> None:
        if not isinstance(result.output, str):
            written = self.as_text(result.output)
            await self._say(f"\n\n{written}" if self.said else written)
        elif not self.said:
            await self._say(result.output)
        fresh = result.all_messages()[self.known :]
        reply = Reply(
            status="denied" if self.is_denied else "answered",
            text="".join(self.said),
            intent=UNSAID,
            memory={MESSAGES: ModelMessagesTypeAdapter.dump_python(fresh, mode="json")},
        )
        await self.put(Done(result=reply.model_dump(mode="json"), usage=told(result.usage)))

    @property
    def _name(self) -> str:
        return self.agent.name or "The agent"


def _or_paused(agent: AbstractAgent[Any, Any]) -> Any:
    """Return the agent's kinds of output, and the one with which it pauses."""
    # An agent with validators of its output takes no other kinds; pydantic-ai says what to add.
    if getattr(agent, "_output_validators", None):
        return None
    return [agent.output_type, DeferredToolRequests]


def _history(turns: Sequence[Turn]) -> Iterator[ModelMessage]:
    """Yield earlier turns as the agent left them, or as people read them."""
    for turn in turns:
        if MESSAGES in turn.memory:
            yield from ModelMessagesTypeAdapter.validate_python(turn.memory[MESSAGES])
        else:
            yield ModelRequest(parts=[UserPromptPart(turn.question)])
            yield ModelResponse(parts=[TextPart(turn.answer)])


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Say what is wrong with how an agent was made, in pydantic-ai's own words."""
    try:
        yield
    except UserError as error:
        message = f"{name} cannot run as it was made: {error}"
        raise Permanent(message, code="engine_not_configured") from error
