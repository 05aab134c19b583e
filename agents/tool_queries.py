"""Tools that only look: at a table's columns, or at what a SELECT gives."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from agents.data.querying import Database
from agents.exceptions import Permanent
from agents.plans import Shape
from agents.tooling import ToolContext

READING = frozenset({"plan", "act"})
SHOWN_ROWS = 20


class TableArguments(Shape):
    table: str = Field(max_length=200, description="The name of a table of the data set.")


class QueryArguments(Shape):
    sql: str = Field(max_length=20_000, description="One SELECT over the tables of the data set.")


@dataclass(frozen=True, slots=True)
class DescribeTable:
    name: str = "describe_table"
    description: str = "Return the columns of one table with their kinds, ranges and gaps."
    arguments: type[BaseModel] = TableArguments
    needs_approval: bool = False
    modes: frozenset[str] = READING

    def run(self, arguments: BaseModel, context: ToolContext) -> dict[str, object]:
        asked = TableArguments.model_validate(arguments)
        for table in context.model.tables:
            if table.name.lower() == asked.table.lower():
                columns = [
                    {
                        "name": column.name,
                        "kind": column.kind,
                        "nulls": column.nulls,
                        "distinct": column.distinct,
                        "minimum": column.minimum,
                        "maximum": column.maximum,
                    }
                    for column in table.columns
                ]
                return {"table": table.name, "rows": table.rows, "columns": columns}
        known = ", ".join(table.name for table in context.model.tables)[:1000]
        raise Permanent(f"There is no table of that name. Choose one of: {known}.", code="no_table")


@dataclass(frozen=True, slots=True)
class RunQuery:
    name: str = "run_query"
    description: str = "Execute one SELECT over the tables of the data set; return the first rows."
    arguments: type[BaseModel] = QueryArguments
    needs_approval: bool = False
    modes: frozenset[str] = READING

    def run(self, arguments: BaseModel, context: ToolContext) -> dict[str, object]:
        asked = QueryArguments.model_validate(arguments)
        with Database.open(context.folder, context.cancel) as database:
            result = database.select(asked.sql, most_rows=SHOWN_ROWS)
        rows = [list(row) for row in result.rows]
        return {"columns": list(result.columns), "rows": rows, "row_count": result.row_count}
