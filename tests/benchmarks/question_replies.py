"""Replies and gold readings to judge, made as short as tests want them."""

from collections.abc import Sequence
from typing import Any

from agents.chats import Intent, IntentType, Query, Reply, ResultTable
from benchmarks.questions.loading import Question, Reading

Rows = Sequence[Sequence[Any]]


def reply(
    columns: Sequence[str],
    rows: Rows,
    *,
    row_count: int | None = None,
    text: str = "",
) -> Reply:
    table = ResultTable(
        columns=tuple(columns),
        types=("VARCHAR",) * len(columns),
        rows=tuple(tuple(row) for row in rows),
        row_count=len(rows) if row_count is None else row_count,
    )
    return Reply(
        status="answered",
        text=text,
        intent=Intent(intent_type="PARTICULAR", confidence=1, reasoning=""),
        query=Query(interpretation="", sql="SELECT 1", result=table),
    )


def without_query(status: Any, intent: IntentType = "PARTICULAR") -> Reply:
    found = Intent(intent_type=intent, confidence=1, reasoning="")
    return Reply(status=status, text="I cannot tell.", intent=found)


def question(columns: Sequence[str], answer: Rows, **reading: Any) -> Question:
    gold = Reading(
        sql="SELECT 1",
        columns=tuple(columns),
        answer=tuple(tuple(row) for row in answer),
        **reading,
    )
    return Question(id="q", kind="count", question="?", expect="answer", gold=gold)


def unanswerable(expect: Any = "decline") -> Question:
    return Question(id="q", kind="decline", question="?", expect=expect)
