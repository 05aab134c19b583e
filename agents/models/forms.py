"""Tools for a model that calls none: which to call, and with what, is asked for as a form.

Many small models, and servers whose chat template knows no tools, never call one, but fill in a
JSON schema well. `FormTools` asks them for a call in that way and gives pydantic-ai the call, so
that checks, approvals and resuming are those of every other model.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import (
    CompletedStreamedResponse,
    Model,
    ModelRequestParameters,
    StreamedResponse,
)
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings as Knobs
from pydantic_ai.tools import ToolDefinition

from agents.models.fitting import fitted

ANSWER = "answer"  # what the form says when no tool is wanted
WRITE = "Write the answer now, in words."
MOST_CALLS = 3  # of tools in one answer; a small model would go on and on
TOKENS = 512  # of a call at most: servers refuse grammars without small bounds


class FormTools(WrapperModel):
    """A model whose tools are called by filling in a form.

    `first` is the tool that the user's own message names; it has to be called before any other.
    """

    def __init__(self, wrapped: Model, *, first: str = "") -> None:
        super().__init__(wrapped)
        self._first = first

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: Knobs | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        told = [_as_text(one) for one in messages]
        offered = self._offered(messages, model_request_parameters.function_tools)
        if offered:
            may_answer = not self._is_first(messages)
            tokens = min(TOKENS, (model_settings or {}).get("max_tokens", TOKENS))
            async with self.wrapped.request_stream(
                [*told[:-1], _asking(told[-1], offered, may_answer=may_answer)],
                model_settings,
                _form(model_request_parameters, offered, may_answer, tokens),
                run_context,
            ) as filling:
                async for _ in filling:  # a stream, so that hanging up ends it at once
                    pass
                response = filling.get()
            if call := _call(response.text or "", offered):
                yield CompletedStreamedResponse(
                    replace(response, parts=[call]),
                    model_request_parameters=model_request_parameters,
                    replay_events=True,
                )
                return
            if run_context is not None:  # the answer itself is one more request
                run_context.usage.incr(response.usage)
                run_context.usage.requests += 1
        without = replace(model_request_parameters, function_tools=[])
        if model_request_parameters.function_tools:
            told = [*told[:-1], _added(told[-1], WRITE)]
        async with self.wrapped.request_stream(told, model_settings, without, run_context) as text:
            yield text

    def _is_first(self, messages: Sequence[ModelMessage]) -> bool:
        return bool(self._first) and not _calls(messages)

    def _offered(
        self, messages: Sequence[ModelMessage], tools: Sequence[ToolDefinition]
    ) -> list[ToolDefinition]:
        if len(_calls(messages)) >= MOST_CALLS:
            return []
        if self._is_first(messages):
            return [one for one in tools if one.name == self._first]
        return list(tools)


def _calls(messages: Sequence[ModelMessage]) -> list[ToolCallPart]:
    answers = [one for one in messages if isinstance(one, ModelResponse)]
    return [part for one in answers for part in one.parts if isinstance(part, ToolCallPart)]


def _asking(
    last: ModelMessage, tools: Sequence[ToolDefinition], *, may_answer: bool
) -> ModelMessage:
    lines = [f"- {tool.name}: {tool.description}" for tool in tools]
    if may_answer:
        lines.append(f"- {ANSWER}: no tool; the answer is written next.")
    text = "Fill in the form: what to do next. Choose one of:\n\n" + "\n".join(lines)
    return _added(last, text)


def _added(last: ModelMessage, text: str) -> ModelMessage:
    """Return the last message, which is the user's, with more to read."""
    assert isinstance(last, ModelRequest)
    return replace(last, parts=[*last.parts, UserPromptPart(text)])


def _form(
    parameters: ModelRequestParameters,
    tools: Sequence[ToolDefinition],
    may_answer: bool,
    tokens: int,
) -> ModelRequestParameters:
    shapes = [_shape(tool.name, tool.parameters_json_schema) for tool in tools]
    if may_answer:
        shapes.append(_shape(ANSWER, None))
    defined: dict[str, Any] = {}
    for tool in tools:
        defined |= tool.parameters_json_schema.get("$defs", {})
    schema = {**(shapes[0] if len(shapes) == 1 else {"anyOf": shapes}), "$defs": defined}
    return replace(
        parameters,
        function_tools=[],
        output_tools=[],
        output_mode="native",
        output_object=OutputObjectDefinition(
            json_schema=fitted(schema, tokens=tokens), name="next", strict=False
        ),
        allow_text_output=False,
    )


def _shape(name: str, arguments: Mapping[str, Any] | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"tool": {"type": "string", "enum": [name]}}
    if arguments is not None:
        fields["arguments"] = {key: value for key, value in arguments.items() if key != "$defs"}
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _call(text: str, tools: Sequence[ToolDefinition]) -> ToolCallPart | None:
    """Return the call that was filled in; None for an answer, and for what is cut off."""
    try:
        given = json.loads(text)
        tool, arguments = given["tool"], given["arguments"]
    except (ValueError, KeyError, TypeError):
        return None
    if tool not in {one.name for one in tools} or not isinstance(arguments, dict):
        return None
    return ToolCallPart(tool, arguments)


def _as_text(message: ModelMessage) -> ModelMessage:
    """Return a message with its calls and their results as text: this model knows no others."""
    if isinstance(message, ModelResponse):
        return replace(message, parts=[_said(part) for part in message.parts])
    return replace(message, parts=[_heard(part) for part in message.parts])


def _said(part: ModelResponsePart) -> ModelResponsePart:
    if not isinstance(part, ToolCallPart):
        return part
    return TextPart(json.dumps({"tool": part.tool_name, "arguments": part.args_as_dict()}))


def _heard(part: ModelRequestPart) -> ModelRequestPart:
    if isinstance(part, ToolReturnPart):
        return UserPromptPart(f"{part.tool_name} gave:\n\n{part.model_response_str()}")
    if isinstance(part, RetryPromptPart):
        return UserPromptPart(part.model_response())
    return part
