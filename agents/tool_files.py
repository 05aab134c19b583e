"""The tool that writes a file into the workspace: the last result, or a report."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from agents import workspace
from agents.chats import Query, ResultTable, Turn
from agents.data.exporting import csv_text
from agents.data.querying import MOST_ROWS, Database
from agents.exceptions import Permanent
from agents.plans import Shape
from agents.reports import report
from agents.tooling import ToolContext

Format = Literal["csv", "md"]


class FileArguments(Shape):
    """A file to write. As `csv` it holds the last result, as `md` a report."""

    path: str = Field(
        min_length=1, max_length=workspace.LONGEST_PATH,
        description="Where in the workspace, like results/top.csv or report.md.",
    )  # fmt: skip
    format: Format | None = Field(
        default=None, description="csv: the last result; md: a report. As the path ends if omitted."
    )


@dataclass(frozen=True, slots=True)
class SaveFile:
    name: str = "save_file"
    description: str = (
        "Write a file into the workspace: the last result as CSV, or a report of the data set "
        "and the conversation as Markdown."
    )
    arguments: type[BaseModel] = FileArguments
    needs_approval: bool = True
    modes: frozenset[str] = frozenset({"act"})

    def run(self, arguments: BaseModel, context: ToolContext) -> dict[str, object]:
        """Write the file; return its path, size and, of a table, its rows."""
        asked = FileArguments.model_validate(arguments)
        workspace.parts_of(asked.path)
        format_ = asked.format or ("csv" if asked.path.lower().endswith(".csv") else "md")
        if not asked.path.lower().endswith(f".{format_}"):
            message = f"A file of format {format_} has to end with .{format_}."
            raise Permanent(message, code="bad_path")
        if format_ == "md":
            turns = tuple(Turn.model_validate(one) for one in context.material.get("history", ()))
            size = workspace.write(context.workspace, asked.path, report(context.model, turns))
            return {"path": asked.path, "bytes": size}
        result = _result(context)
        text = csv_text(result.columns, result.rows)
        size = workspace.write(context.workspace, asked.path, text)
        told = {"path": asked.path, "bytes": size, "rows": len(result.rows)}
        if result.row_count > len(result.rows):
            told["of"] = result.row_count
        return told


def _result(context: ToolContext) -> ResultTable:
    """Execute the last query again, for more rows than a page shows."""
    query = last_query(context)
    if query is None:
        raise Permanent(
            "There is no result yet that could be saved. Ask a question first.", code="nothing"
        )
    sql, values = query
    with Database.open(context.folder, context.cancel) as database:
        return database.select(sql, values, most_rows=MOST_ROWS)


def last_query(
    context: ToolContext,
) -> tuple[str, tuple[str | int | float | bool | None, ...]] | None:
    """Return the SQL and values of the newest executed query, of this reply or an earlier one."""
    if context.material.get("query"):
        query = Query.model_validate(context.material["query"])
        return query.sql, query.values
    for one in reversed(context.material.get("history", ())):
        turn = Turn.model_validate(one)
        if turn.sql:
            return turn.sql, tuple(turn.memory.get("values", ()))
    return None
