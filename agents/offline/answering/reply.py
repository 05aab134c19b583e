"""The `reply` step: intent, executed SQL, insight, summary, and the answer in words."""

import time
from collections.abc import Iterator

from agents.adapters import Call
from agents.base import AgentEvent, Done, Part, Progress
from agents.chats import Insight, Intent, PlotHint, Query, Reply, ReplyInput, Summary
from agents.data.querying import Database
from agents.offline.answering.insights import insight
from agents.offline.answering.schema import Schema
from agents.offline.answering.sql import Writer
from agents.offline.answering.statistics import statistics
from agents.offline.answering.understanding import Understanding, understand
from agents.offline.answering.wording import Wording
from agents.offline.answering.writing import bullets, deltas, sql_block, table

MOST_ROWS = 200
ALL_ROWS = 10_000


class Clock:
    """Milliseconds since it was last asked."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def lap(self) -> int:
        now = time.monotonic()
        passed, self._last = now - self._last, now
        return round(passed * 1000)


def reply(call: Call) -> Iterator[AgentEvent]:
    """Answer one question, or say why not."""
    ask = ReplyInput.model_validate(call.input)
    yield Progress(percent=0, message="Reading your question", agent="intent")
    clock = Clock()
    schema = Schema(ask.model)
    with Database.open(ask.folder, call.cancel) as database:
        found = understand(ask.question, schema, database, {})
        intent = _intent(found)
        yield Part(name="intent", data=intent.model_dump(mode="json"), milliseconds=clock.lap())
        yield Progress(percent=40, message="Generating Insight...", agent="insight")
        if not found.is_sure:
            yield from _declined(ask, intent, found)
            return
        yield from _answered(schema, database, intent, found, clock)


def _intent(found: Understanding) -> Intent:
    reasons = "; ".join(found.reasons) or "every word is known"
    return Intent(
        intent_type="PARTICULAR" if found.known or found.is_sure else "UNRELATED",
        confidence=found.confidence,
        reasoning=f"The question asks for one thing of the data: {reasons}.",
        plot=PlotHint(kind="none"),
    )


def _answered(
    schema: Schema, database: Database, intent: Intent, found: Understanding, clock: Clock
) -> Iterator[AgentEvent]:
    assert found.query is not None
    statement = Writer(schema, found.query).statement()
    result = database.select(statement.sql, statement.values, most_rows=MOST_ROWS)
    wording = Wording(schema, found.query)
    query = Query(
        interpretation=wording.sentence() + ".",
        sql=statement.sql,
        values=statement.values,
        assumptions=found.notes,
        result=result,
    )
    yield Part(name="query", data=query.model_dump(mode="json"), milliseconds=clock.lap())
    full_query = found.query.model_copy(update={"limit": None, "offset": 0})
    whole = Writer(schema, full_query).statement()
    full = database.select(whole.sql, whole.values, most_rows=ALL_ROWS)
    told = insight(found.query, wording, full)
    yield Part(name="insight", data=told.model_dump(mode="json"), milliseconds=clock.lap())
    summary = Summary(statistics=statistics(full))
    yield Part(name="summary", data=summary.model_dump(mode="json"), milliseconds=clock.lap())
    text = _text(query, told)
    yield from deltas(text)
    yield Progress(percent=100, message="The answer is ready.", agent="insight")
    answer = Reply(
        status="answered",
        text=text,
        intent=intent,
        query=query,
        insight=told,
        summary=summary,
        memory={"query": found.query.model_dump(mode="json")},
    )
    yield Done(result=answer.model_dump(mode="json"))


def _text(query: Query, told: Insight) -> str:
    lines = [told.text, ""]
    if query.result.row_count > 1 or len(query.result.columns) > 3:
        lines += [*table(query.result), ""]
    lines += [f"**How I read it:** {query.interpretation}", ""]
    if query.assumptions:
        lines += ["**Assumed:**", "", *bullets(query.assumptions), ""]
    lines += [*sql_block(query), "", f"Rows: {query.result.row_count:,}.", ""]
    return "\n".join(lines)


def _declined(ask: ReplyInput, intent: Intent, found: Understanding) -> Iterator[AgentEvent]:
    suggestions = ask.model.questions[:5]
    lines = ["I am not sure enough about this question to answer it.", ""]
    lines += [*bullets(found.reasons), ""]
    if suggestions:
        lines += ["These I can answer:", "", *bullets(suggestions), ""]
    text = "\n".join(lines)
    yield from deltas(text)
    answer = Reply(status="declined", text=text, intent=intent, suggestions=suggestions)
    yield Done(result=answer.model_dump(mode="json"))
