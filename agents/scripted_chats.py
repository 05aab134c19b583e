"""The scripted engine in a chat: what it says depends on words in the question.

`call a tool` asks for the approval of one, `ask me` asks a question, `fail` fails for good.
Everything else is answered.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agents.base import (
    AgentEvent,
    ApprovalNeeded,
    Decision,
    Delta,
    Done,
    Part,
    Progress,
    StepContext,
    ToolCall,
    ToolResult,
)
from agents.chats import (
    Chart,
    ColumnStatistics,
    Insight,
    Intent,
    PlotHint,
    Query,
    Reply,
    ReplyInput,
    ResultTable,
    Series,
    Summary,
    WorkflowInput,
    WorkflowResult,
)
from agents.data_model import Column, DataModel, InitialiseInput, Quality, Table
from agents.exceptions import Permanent

STEPS = ("loading", "sampling", "types", "keys", "relationships", "quality")
MONTHS = ("January", "February", "March")
COUNTS = (3, 5, 8)
CALL = ToolCall(call_id="call-1", tool="save_file", arguments={"path": "report.md"})
INTENT = Intent(
    intent_type="PARTICULAR",
    confidence=0.9,
    reasoning="The script always asks for a count by month.",
    plot=PlotHint(kind="bar", x="month", y="count"),
)
SUGGESTIONS = ("How many rows are there?", "What is in the data?")


def initialise(given: Mapping[str, Any]) -> Iterator[AgentEvent]:
    ask = InitialiseInput.model_validate(given)
    for number, step in enumerate(STEPS, start=1):
        percent = round(100 * number / len(STEPS), 1)
        yield Progress(percent=percent, message=f"{step.capitalize()} of {ask.name}.", agent=step)
    yield Done(result=model(ask.name).model_dump(mode="json"))


def model(name: str) -> DataModel:
    """Return the data model of every script."""
    month = Column(
        name="month", type="VARCHAR", kind="category", role="dimension", nulls=0, distinct=3
    )
    count = Column(
        name="count", type="BIGINT", kind="number", role="measure", nulls=0, distinct=3, minimum=3, maximum=8
    )  # fmt: skip
    return DataModel(
        name=name,
        summary="One table of three months, as the script has it.",
        tables=(Table(name="script", source=name, rows=3, columns=(month, count)),),
        quality=Quality(score=100, completeness=100, uniqueness=100, validity=100, integrity=100),
        questions=SUGGESTIONS,
    )


def reply(ctx: StepContext, decisions: Mapping[str, Decision], size: int) -> Iterator[AgentEvent]:
    ask = ReplyInput.model_validate(ctx.input)
    yield Progress(percent=10, message="Intent parsing...", agent="intent")
    if "fail" in ask.question:
        raise Permanent("The script says that this fails.", code="scripted")
    if ctx.state is None and "ask me" in ask.question:
        yield ApprovalNeeded(
            question="Which month do you mean?", calls=(), state={"asked": True}, options=MONTHS
        )
        return
    yield Part(name="intent", data=INTENT.model_dump(mode="json"), milliseconds=1)
    yield Progress(percent=40, message="Generating Insight...", agent="insight")
    if ctx.state is None and "call a tool" in ask.question and _needs_approval(ask):
        yield Delta(text="A file has to be written for this. ")
        yield ApprovalNeeded(question="May save_file run?", calls=(CALL,), state={"asked": True})
        return
    yield from _called(ask, decisions)
    yield from _parts()
    text = _text(ask, decisions, size)
    yield from (Delta(text=word) for word in _words(text))
    result = Reply(
        status="denied" if _denied(decisions) else "answered",
        text=text,
        intent=INTENT,
        query=_query(),
        insight=_insight(),
        summary=_summary(),
        suggestions=SUGGESTIONS,
        memory={"question": ask.question},
    )
    yield Done(result=result.model_dump(mode="json"), usage={"words": len(text.split())})


def workflow(given: Mapping[str, Any]) -> Iterator[AgentEvent]:
    ask = WorkflowInput.model_validate(given)
    yield Progress(percent=50, message=f"Working on {ask.workflow}.", agent=ask.workflow)
    result = WorkflowResult(
        title=ask.workflow, text=f"The script ran {ask.workflow}.", table=_query().result
    )
    yield Done(result=result.model_dump(mode="json"))


def _needs_approval(ask: ReplyInput) -> bool:
    offered = {tool.name: tool.approval for tool in ask.tools}
    return offered.get(CALL.tool, True)


def _denied(decisions: Mapping[str, Decision]) -> bool:
    decision = decisions.get(CALL.call_id)
    return decision is not None and decision.decision == "reject"


def _called(ask: ReplyInput, decisions: Mapping[str, Decision]) -> Iterator[AgentEvent]:
    decision = decisions.get(CALL.call_id)
    if "call a tool" not in ask.question or (decision and decision.decision == "reject"):
        return
    arguments = (decision.arguments if decision else None) or CALL.arguments
    yield ToolCall(call_id=CALL.call_id, tool=CALL.tool, arguments=arguments)
    yield ToolResult(call_id=CALL.call_id, result={"path": arguments.get("path"), "bytes": 3})


def _parts() -> Iterator[AgentEvent]:
    yield Part(name="query", data=_query().model_dump(mode="json"), milliseconds=1)
    yield Part(name="insight", data=_insight().model_dump(mode="json"), milliseconds=1)
    yield Progress(percent=60, message="Querying data...", agent="data")
    yield Part(name="summary", data=_summary().model_dump(mode="json"), milliseconds=1)


def _query() -> Query:
    return Query(
        interpretation="count by month",
        sql='SELECT "month", "count" FROM "script"',
        result=ResultTable(
            columns=("month", "count"),
            types=("VARCHAR", "BIGINT"),
            rows=tuple(zip(MONTHS, COUNTS, strict=True)),
            row_count=len(MONTHS),
        ),
    )


def _insight() -> Insight:
    return Insight(text="March has the **most**: 8.", facts=("March: 8",))


def _summary() -> Summary:
    counted = ColumnStatistics(column="count", count=3, nulls=0, minimum=3, maximum=8, mean=5.3)
    series = Series(name="count", values=COUNTS)
    chart = Chart(
        kind="bar", title="count by month", x_label="month", y_label="count", x=MONTHS, series=(series,)
    )  # fmt: skip
    return Summary(statistics=(counted,), chart=chart)


def _text(ask: ReplyInput, decisions: Mapping[str, Decision], size: int) -> str:
    if _denied(decisions):
        return f"It was not allowed: {decisions[CALL.call_id].comment or 'no reason was given'}."
    answer = decisions["question"].comment if "question" in decisions else ""
    words = [f"word{number}" for number in range(1, size + 1)]
    about = f" ({answer})" if answer else ""
    return f"You asked{about}: {ask.question[:80]}\n\n" + " ".join(words)


def _words(text: str) -> Iterator[str]:
    start = 0
    for end, character in enumerate(text, start=1):
        if character == " " or end == len(text):
            yield text[start:end]
            start = end
