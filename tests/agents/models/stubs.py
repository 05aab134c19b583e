"""Models that say what a test tells them to, and what they were asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic_ai.messages import ModelMessage, ToolReturnPart, UserPromptPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel

from agents.adapters import AdaptedEngine
from agents.base import (
    NO_DECISIONS,
    AgentEvent,
    ApprovalNeeded,
    Decision,
    Delta,
    Done,
    Part,
    StepContext,
    StepKind,
)
from agents.contract import Flag
from agents.models.engine import made
from agents.models.settings import ModelSettings


@dataclass(frozen=True)
class Use:
    """The model calls a tool."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    call_id: str = "call-1"


@dataclass(frozen=True)
class Asked:
    """What a stub was asked: its instructions, the text it was given, tools, fields of a form."""

    instructions: str
    text: str
    tools: tuple[str, ...]
    form: tuple[str, ...] = ()


Saying = str | Use | Mapping[str, Any] | Exception
Answer = Saying | Sequence[Saying] | Callable[[Asked], Saying | Sequence[Saying]]
INTENT = {"intent_type": "PARTICULAR", "confidence": 0.9, "reasoning": "One thing.", "chart": "bar"}


class Stub:
    """Gives its answers in turn, the last one again and again; `asked` is what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = answers
        self.asked: list[Asked] = []

    def client(self, model: str = "", settings: ModelSettings | None = None) -> Model:
        return FunctionModel(stream_function=self._stream, model_name="stub")

    async def _stream(
        self, messages: list[ModelMessage], info: AgentInfo
    ) -> AsyncIterator[str | dict[int, DeltaToolCall]]:
        place = min(len(self.asked), len(self._answers) - 1)
        tools = tuple(tool.name for tool in info.function_tools)
        asked = Asked(info.instructions or "", _text(messages), tools, _form(info))
        self.asked.append(asked)
        answer = self._answers[place]
        said = answer(asked) if callable(answer) else answer
        pieces = [said] if isinstance(said, str | Use | Mapping | Exception) else list(said)
        for number, piece in enumerate(pieces):
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, Use):
                arguments = json.dumps(dict(piece.arguments))
                call = DeltaToolCall(piece.tool, arguments, tool_call_id=piece.call_id)
                yield {number: call}
            else:
                yield piece if isinstance(piece, str) else json.dumps(piece)


def _form(info: AgentInfo) -> tuple[str, ...]:
    form = info.model_request_parameters.output_object
    return tuple(form.json_schema.get("properties", ())) if form else ()


def _text(messages: Sequence[ModelMessage]) -> str:
    """Return what the model has to read, apart from its instructions."""
    found = []
    for message in messages:
        for part in message.parts:
            if isinstance(part, UserPromptPart | ToolReturnPart):
                found.append(str(part.content))
    return "\n".join(found)


TOTAL = "SELECT month, sum(loaves) AS loaves FROM sales GROUP BY month ORDER BY month"
FORMS: dict[str, Mapping[str, Any]] = {
    "intent_type": INTENT,
    "approach": {"title": "T", "approach": "First this.", "frameworks": [], "questions": []},
    "findings": {
        "findings": [{"cell": "Strengths", "text": "It is good.", "sentences": [1]}],
        "insights": [{"text": "It is so.", "sentences": [1, 2]}],
    },
    "summary": {"summary": "Some rows.", "questions": ["How many rows?"]},
}


def well(asked: Asked) -> Saying | Sequence[Saying]:
    """Answer whatever is asked in the form that is asked for, from a query where there is one."""
    for name, answer in FORMS.items():
        if name in asked.form:
            return answer
    if "run_query" in asked.tools and "result of the query" not in asked.text:
        return Use("run_query", {"sql": TOTAL, "interpretation": "Loaves by month."})
    return ["Most were sold ", "in March: 285."] if asked.tools else ["# Text\n\n", "All is well."]


def engine(stub: Stub, **settings: Any) -> AdaptedEngine:
    """Return the engine that asks a stub."""
    return made("stub", ModelSettings(model="stub", **settings), client=stub.client)


@dataclass
class Told:
    """All events of one step."""

    events: list[AgentEvent]

    @property
    def end(self) -> AgentEvent:
        return self.events[-1]

    @property
    def result(self) -> Mapping[str, Any]:
        assert isinstance(self.end, Done), self.end
        return self.end.result

    @property
    def asks(self) -> ApprovalNeeded:
        assert isinstance(self.end, ApprovalNeeded), self.end
        return self.end

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Delta))

    @property
    def parts(self) -> list[str]:
        return [event.name for event in self.events if isinstance(event, Part)]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def step(
    asked: AdaptedEngine,
    kind: StepKind,
    given: Mapping[str, Any],
    *,
    state: Any = None,
    decisions: Mapping[str, Decision] = NO_DECISIONS,
    flag: Flag | None = None,
    results: Mapping[str, Any] = MappingProxyType({}),
) -> Told:
    """Do a step to its end; the state goes through JSON, as it does between two processes."""
    kept = json.loads(json.dumps(state))
    context = StepContext(run_id="run", step=kind, input=given, state=kept, results=results)

    async def told() -> Told:
        async with asyncio.timeout(20):
            events = asked.step(kind, context, flag or Flag(), decisions)
            return Told([event async for event in events])

    return asyncio.run(told())
