"""Asking a model within one step: streamed, bounded, cancelled with the step, and counted."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_ai import Agent, AgentRunResult, DeferredToolRequests, Tool
from pydantic_ai.conversation import Conversation
from pydantic_ai.messages import (
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolCallPartDelta,
)
from pydantic_ai.models import Model
from pydantic_ai.output import NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai.settings import ModelSettings as Knobs
from pydantic_ai.tools import DeferredToolResults
from pydantic_ai.usage import RunUsage, UsageLimits

from agents.exceptions import Permanent
from agents.models.errors import translated
from agents.models.fitting import FittingForms
from agents.models.forms import FormTools
from agents.models.prompts import Prompt
from agents.models.settings import ModelSettings

S = TypeVar("S", bound=BaseModel)
Say = Callable[[str], Awaitable[None]]
Output = str | DeferredToolRequests


async def _nothing(_: str) -> None:
    """Hear a text and tell nobody."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A run that waits for decisions, and what it has to remember."""

    conversation: Conversation
    requests: DeferredToolRequests


@dataclass
class Asker:
    """Asks one model; `usage` grows with each question."""

    name: str
    model: Model
    settings: ModelSettings
    usage: RunUsage = field(default_factory=RunUsage)

    async def shape(self, prompt: Prompt, shape: type[S], *, heard: Say = _nothing) -> S:
        """Return the answer in a fixed form; an answer in a wrong one is asked for again.

        One that was cut off is asked for once more, in a form with half the room.
        """
        try:
            return await self._shape(prompt, shape, heard, share=1)
        except Permanent as error:
            if error.code != "output_too_long":
                raise
        return await self._shape(prompt, shape, heard, share=0.5)

    async def _shape(self, prompt: Prompt, shape: type[S], heard: Say, *, share: float) -> S:
        agent = Agent(
            FittingForms(self.model, share=share),
            output_type=self._in_form(shape),
            instructions=prompt.instructions,
            retries=self.settings.retries,
            name="cairn",
        )
        result = await self._run(agent, prompt.question, heard=heard, usage=self.usage)
        answer = result.output
        assert isinstance(answer, shape)
        return answer

    async def text(self, prompt: Prompt, say: Say) -> str:
        """Return the answer as text, having said it piece by piece."""
        agent = Agent(self.model, instructions=prompt.instructions, retries=1, name="cairn")
        result = await self._run(agent, prompt.question, heard=say, usage=self.usage)
        return str(result.output)

    async def with_tools(
        self,
        prompt: Prompt,
        tools: Sequence[Tool[Any]],
        say: Say,
        *,
        conversation: Conversation | None = None,
        results: DeferredToolResults | None = None,
        first: str = "",
    ) -> Paused | None:
        """Let the model answer with tools; what it says is said, and `None` means that it is done.

        With a conversation that was paused, and the results of its calls, it goes on from there.
        `first` is a tool that the user named; only a model that fills in forms is held to it.
        """
        in_forms = self.settings.tools == "form"
        agent = Agent(
            FormTools(self.model, first=first) if in_forms else self.model,
            output_type=[str, DeferredToolRequests],
            instructions=prompt.instructions,
            tools=tools,
            retries=self.settings.retries,
            name="cairn",
        )
        if conversation is None:
            result = await self._run(agent, prompt.question, heard=say, usage=self.usage)
        else:
            result = await self._run(
                agent, None, heard=say, conversation=conversation, deferred_tool_results=results
            )
        if isinstance(result.output, DeferredToolRequests):
            return Paused(result.conversation, result.output)
        return None

    async def _run(
        self, agent: Agent[Any, Any], question: str | None, *, heard: Say, **given: Any
    ) -> AgentRunResult[Any]:
        limits = UsageLimits(
            request_limit=self.settings.most_requests,
            tool_calls_limit=2 * self.settings.most_requests,
        )
        with translated(self.name):
            async with (
                self.model,
                agent.run_stream_events(
                    question, model_settings=self._knobs(), usage_limits=limits, **given
                ) as events,
            ):
                async for said in _said(events):
                    await heard(said)
                result = events.result
        if result is None:
            raise Permanent(f"{self.name} gave no answer.", code="bad_output")
        self.usage = result.usage
        return result

    def _knobs(self) -> Knobs:
        settings = self.settings
        knobs = Knobs(
            max_tokens=settings.max_tokens,
            timeout=settings.timeout,
            request_timeout=settings.timeout,
            max_retries=settings.retries,
        )
        if settings.temperature is not None:
            knobs["temperature"] = settings.temperature
        return knobs

    def _in_form(self, shape: type[S]) -> Any:
        """Return how the form is asked for. Small models fill a schema in, but call no tool."""
        mode = self.settings.output
        if mode == "auto":
            native = self.model.profile.get("supports_json_schema_output", False)
            mode = "native" if native else "tool"
        if mode == "native":
            return NativeOutput(shape)
        return PromptedOutput(shape) if mode == "prompted" else ToolOutput(shape)


async def _said(events: AsyncIterator[object]) -> AsyncIterator[str]:
    """Yield the text as it comes.

    A piece of a form that is filled in, or of the arguments of a tool, is yielded as "".
    """
    texts = Texts()
    async for event in events:
        if (text := texts.of(event)) is not None:
            yield text


@dataclass
class Texts:
    """The text of a run's events: an empty line between the texts of two answers."""

    spoke: bool = False

    def of(self, event: object) -> str | None:
        """Return what the event says: "" for a piece of a call, None if it is about no text."""
        match event:
            case PartStartEvent(part=TextPart(content=content)):
                text = f"\n\n{content}" if self.spoke and content.strip() else content
            case PartDeltaEvent(delta=TextPartDelta(content_delta=content)):
                text = content
            case PartStartEvent(part=ToolCallPart()) | PartDeltaEvent(delta=ToolCallPartDelta()):
                text = ""
            case _:
                return None
        self.spoke = self.spoke or bool(text.strip())
        return text
