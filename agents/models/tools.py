"""What a model can do in a reply: look at the data set, and call the tools that it was offered.

A query goes through `agents.data.querying`, which lets one SELECT over the tables pass and nothing
else. Every other tool is one of `agents.tools.TOOLS`, offered to the reply for its mode; if it
needs approval the run stops before the tool is touched. There is no tool that answers a gate, and
a model that names one that is not here is told so, and nothing happens.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_ai import ApprovalRequired, ModelRetry, RunContext
from pydantic_ai import Tool as ModelTool
from pydantic_ai.exceptions import ToolFailed

from agents.adapters import Call, Put
from agents.base import Progress, ToolCall, ToolResult
from agents.chats import ColumnStatistics, Query, ReplyInput, ResultTable
from agents.data.querying import Database
from agents.exceptions import Permanent
from agents.grounding import Evidence, evidence, marked, of_queries
from agents.models import known, results
from agents.models.material import RESULT, Material
from agents.tool_queries import QueryArguments
from agents.tools import TOOLS, Tool, ToolContext

MOST_ROWS, ROWS_TOLD = 200, 20
QUERYING = 60.0  # percent of a reply
# What is wrong with the question, not with the data set: the model may ask better.
ANSWERABLE = frozenset({"query_refused", "query_failed", "query_too_long"})
QUERY, DESCRIBE = "run_query", "describe_table"


class AskedQuery(QueryArguments):
    """One SELECT, and what it finds out."""

    interpretation: str = Field(
        max_length=500, description="The question that this answers, in words."
    )
    assumptions: tuple[str, ...] = Field(
        default=(), max_length=5, description="What was guessed, and what else it could have been."
    )


@dataclass
class Desk:
    """Where the tools of one reply work, and what they came to."""

    ask: ReplyInput
    call: Call
    put: Put
    material: Material
    queries: list[Query] = field(default_factory=list)
    counted: tuple[ColumnStatistics, ...] = ()  # of the last query's result
    files: list[str] = field(default_factory=list)

    def tools(self) -> list[ModelTool[Any]]:
        """Return what the model is offered."""
        found = [self._query_tool(), self._acting(TOOLS[DESCRIBE], approval=False)]
        names = {tool.name for tool in found}
        for offer in self.ask.tools:
            tool = TOOLS.get(offer.name)
            if tool is not None and self.ask.mode in tool.modes and offer.name not in names:
                found.append(self._acting(tool, approval=offer.approval))
        return found

    def _query_tool(self) -> ModelTool[Any]:
        async def run(ctx: RunContext[Any], **given: Any) -> str:
            arguments = _checked(AskedQuery, given)
            call_id = ctx.tool_call_id or QUERY
            await self.put(Progress(percent=QUERYING, message="Querying data...", agent="data"))
            await self.put(ToolCall(call_id=call_id, tool=QUERY, arguments=given))
            return await self._query(call_id, arguments)

        return ModelTool.from_schema(
            run, QUERY, TOOLS[QUERY].description, _schema(AskedQuery), takes_ctx=True
        )

    async def _query(self, call_id: str, arguments: AskedQuery) -> str:
        try:
            result, counted = await asyncio.to_thread(self._select, arguments.sql)
        except Permanent as error:
            await self.put(ToolResult(call_id=call_id, result=None, error=str(error)))
            if error.code not in ANSWERABLE:
                raise
            raise ToolFailed(str(error)) from None
        query = Query(
            interpretation=arguments.interpretation,
            sql=arguments.sql,
            assumptions=arguments.assumptions,
            result=result,
        )
        # What the model says of the question may not bring in numbers of its own.
        said, _ = marked(arguments.interpretation, of_queries([query]))
        self.queries.append(query.model_copy(update={"interpretation": said}))
        self.counted = counted
        told = {"row_count": result.row_count, "columns": list(result.columns)}
        rows = [list(row) for row in result.rows[:ROWS_TOLD]]
        await self.put(ToolResult(call_id=call_id, result={**told, "rows": rows}))
        return self.material.result(result)

    def _select(self, sql: str) -> tuple[ResultTable, tuple[ColumnStatistics, ...]]:
        with Database.open(self.ask.folder, self.call.cancel) as database:
            result = database.select(sql, most_rows=MOST_ROWS)
            return result, results.measured(database, sql, result)

    def _acting(self, tool: Tool, *, approval: bool) -> ModelTool[Any]:
        async def run(ctx: RunContext[Any], **given: Any) -> str:
            arguments = _checked(tool.arguments, given)
            if approval and not ctx.tool_call_approved:
                raise ApprovalRequired
            call_id = ctx.tool_call_id or tool.name
            await self.put(ToolCall(call_id=call_id, tool=tool.name, arguments=given))
            return await self._act(tool, call_id, arguments)

        return ModelTool.from_schema(
            run, tool.name, tool.description, _schema(tool.arguments), takes_ctx=True
        )

    async def _act(self, tool: Tool, call_id: str, arguments: BaseModel) -> str:
        context = ToolContext(
            model=self.ask.model,
            folder=self.ask.folder,
            workspace=self.ask.workspace,
            cancel=self.call.cancel,
            material=self._came_to(),
        )
        try:
            result = await asyncio.to_thread(tool.run, arguments, context)
        except Permanent as error:
            await self.put(ToolResult(call_id=call_id, result=None, error=str(error)))
            raise ToolFailed(str(error)) from None
        await self.put(ToolResult(call_id=call_id, result=result))
        if isinstance(result, Mapping) and isinstance(result.get("path"), str):
            self.files.append(result["path"])
        text = json.dumps(result, ensure_ascii=False, default=str)
        most = self.material.room(RESULT)
        return self.material.fence.data(text, f"result of {tool.name}", most=most)

    def _came_to(self) -> dict[str, Any]:
        last = self.queries[-1] if self.queries else None
        return {
            "question": self.ask.question,
            "query": last.model_dump(mode="json") if last else None,
            "history": [turn.model_dump(mode="json") for turn in self.ask.history],
        }

    def known(self) -> Evidence:
        """Return the numbers that an answer may use: executed, profiled, or quoted from files."""
        quoted = [one.text for one in self.ask.references]
        profile = known.of_profile(self.ask.model)
        return of_queries(self.queries) + profile + evidence(texts=quoted)


def _checked(shape: type[BaseModel], given: Mapping[str, Any]) -> Any:
    """Return the arguments as their shape; ask the model again if they are wrong."""
    try:
        return shape.model_validate(dict(given))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        raise ModelRetry(f"The arguments are wrong. {wrong[:1000]}") from None


def _schema(shape: type[BaseModel]) -> dict[str, Any]:
    schema = shape.model_json_schema()
    schema.pop("title", None)
    return schema
