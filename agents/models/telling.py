"""What the tools of a wrapped agent do, told as they do it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import ApprovalRequired, CallDeferred, RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.exceptions import ToolFailedError, ToolRetryError
from pydantic_ai.messages import ToolCallPart
from pydantic_ai.tools import ToolDefinition
from pydantic_core import to_jsonable_python

from agents.adapters import Put
from agents.base import ToolCall, ToolResult

LONGEST_RESULT = 20_000  # characters of JSON that people are shown


@dataclass
class ToolTeller(AbstractCapability[Any]):
    """Tells each call of a tool when it starts, with the arguments it really gets, and its end."""

    put: Put
    results: Mapping[str, Any]  # of approved calls, which are not made again
    descriptions: dict[str, str] = field(default_factory=dict)  # by tool

    async def prepare_tools(
        self, ctx: RunContext[Any], tool_defs: list[ToolDefinition]
    ) -> list[ToolDefinition]:
        """Note what the tools do, for people who are asked about them."""
        self.descriptions |= {one.name: one.description or "" for one in tool_defs}
        return tool_defs

    async def wrap_tool_execute(
        self,
        ctx: RunContext[Any],
        *,
        call: ToolCallPart,
        tool_def: ToolDefinition,
        args: dict[str, Any],
        handler: Any,
    ) -> Any:
        call_id = call.tool_call_id
        arguments = to_jsonable_python(args, fallback=str, inf_nan_mode="strings")
        await self.put(ToolCall(call_id=call_id, tool=call.tool_name, arguments=arguments))
        if ctx.tool_call_approved and call_id in self.results:
            await self.put(ToolResult(call_id=call_id, result=self.results[call_id]))
            return self.results[call_id]
        try:
            result = await handler(args)
        except (ApprovalRequired, CallDeferred):
            await self._failed(call_id, "A person is asked first.")
            raise
        except ToolRetryError as error:
            await self._failed(call_id, str(error.tool_retry.content))
            raise
        except ToolFailedError as error:
            await self._failed(call_id, str(error))
            raise
        await self.put(ToolResult(call_id=call_id, result=_shown(result)))
        return result

    async def _failed(self, call_id: str, why: str) -> None:
        await self.put(ToolResult(call_id=call_id, result=None, error=why))


def _shown(result: Any) -> Any:
    plain = to_jsonable_python(result, fallback=str, inf_nan_mode="strings")
    text = json.dumps(plain, ensure_ascii=False)
    return plain if len(text) <= LONGEST_RESULT else f"{text[:LONGEST_RESULT]}…"
