"""From a logical query to the parts of an answer: executed SQL, insight, summary, text."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.chats import Chart, Insight, Query, ResultTable, Summary
from agents.data.querying import MOST_ROWS as MOST_GROUPS
from agents.data.querying import Database
from agents.offline.answering import charts
from agents.offline.answering.insights import View, insight
from agents.offline.answering.logic import Logical
from agents.offline.answering.schema import Schema
from agents.offline.answering.sql import Statement, Writer
from agents.offline.answering.statistics import statistics
from agents.offline.answering.wording import Wording
from agents.offline.answering.writing import bullets, sql_block, table

MOST_ROWS = 200


@dataclass(frozen=True)
class Answering:
    """Works out one query. Each part is worked out when it is asked for."""

    schema: Schema
    database: Database
    query: Logical
    notes: tuple[str, ...] = ()
    asks_whether: bool = False

    @property
    def statement(self) -> Statement:
        return Writer(self.schema, self.query).statement()

    def executed(self) -> Query:
        """Execute the query and return it with the first rows of its result."""
        statement = self.statement
        result = self.database.select(statement.sql, statement.values, most_rows=MOST_ROWS)
        return Query(
            interpretation=Wording(self.schema, self.query).sentence() + ".",
            sql=statement.sql,
            values=statement.values,
            assumptions=self.notes,
            result=result,
        )

    def view(self, shown: ResultTable) -> View:
        """Return the result with all groups beside it, if only the first of them are shown."""
        full = shown
        is_cut = self.query.limit is not None or len(shown.rows) < shown.row_count
        if is_cut and self.query.measures and not self.query.best_of_each:
            full = self._whole()
        wording = Wording(self.schema, self.query)
        return View(self.query, wording, shown, full, self.asks_whether)

    def _whole(self) -> ResultTable:
        query = self.query.model_copy(update={"limit": None, "offset": 0})
        statement = Writer(self.schema, query).statement()
        return self.database.select(statement.sql, statement.values, most_rows=MOST_GROUPS)

    def summary(self, shown: ResultTable) -> Summary:
        """Return the statistics of all rows, and a chart of the first ones."""
        return Summary(
            statistics=statistics(self.database, self.statement, shown),
            chart=self._chart(shown),
        )

    def _chart(self, shown: ResultTable) -> Chart | None:
        if charts.hint(self.schema, self.query).kind != "scatter":
            return charts.chart(self.schema, self.query, shown)
        statement = Writer(self.schema, charts.points(self.schema, self.query)).statement()
        found = self.database.select(statement.sql, statement.values, most_rows=MOST_GROUPS)
        rows = [row for row in found.rows if None not in row]
        kept = tuple(tuple(row) for row in charts.sampled(rows))
        return charts.scatter(found.model_copy(update={"rows": kept}))

    def told(self, shown: ResultTable) -> Insight:
        return insight(self.view(shown))


def winner(result: ResultTable, groups: int) -> tuple[object, ...]:
    """Return who comes first: what two readings of a superlative may differ in."""
    return tuple(result.rows[0][:groups]) if result.rows else ()


def markdown(query: Query, told: Insight, lead: Sequence[str] = ()) -> str:
    """Return the whole answer: what was found, how the question was read, and the SQL."""
    lines = [*lead, told.text, ""]
    if told.facts:
        lines += [*bullets(told.facts), ""]
    result = query.result
    if result.row_count > 1 or len(result.columns) > 1:
        lines += [*table(result), ""]
        if result.row_count > len(table(result)) - 2:
            lines += [f"These are the first of {result.row_count:,} rows.", ""]
    lines += [f"**Read as:** {query.interpretation}", ""]
    if query.assumptions:
        lines += ["**Assumed:**", "", *bullets(query.assumptions), ""]
    lines += [*sql_block(query), "", f"Rows: {result.row_count:,}.", ""]
    return "\n".join(lines)
