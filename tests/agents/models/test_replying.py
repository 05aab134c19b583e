"""A language model answers: intent, executed queries, streamed text, tools with approval."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.base import Decision, Progress, ToolCall, ToolResult
from agents.chats import Reply
from agents.contract import check_one_ending, check_percent
from agents.exceptions import Permanent
from tests.agents.models.stubs import INTENT, Asked, Stub, Use, engine, step

TOTAL = "SELECT sum(loaves) AS loaves FROM sales"
SAVE = Use("save_file", {"path": "a.md"}, "save-1")
BY_MONTH = "SELECT month, sum(loaves) AS loaves FROM sales GROUP BY month ORDER BY month"


def query(sql: str = TOTAL, call_id: str = "query-1") -> Use:
    return Use("run_query", {"sql": sql, "interpretation": "All loaves."}, call_id)


@pytest.fixture
def saving(question: dict[str, Any]) -> dict[str, Any]:
    """Return a question in a mode that offers a tool which needs approval."""
    offer = {"name": "save_file", "description": "", "approval": True}
    return {**question, "mode": "act", "tools": [offer]}


def test_an_answer_has_its_intent_query_facts_and_text_in_order(
    question: dict[str, Any],
) -> None:
    stub = Stub(INTENT, query(BY_MONTH), ["There were ", "285 loaves in 2025-03."])

    told = step(engine(stub), "reply", question)

    reply = Reply.model_validate(told.result)
    assert told.parts == ["intent", "query", "insight", "summary"]
    assert told.text == reply.text == "There were 285 loaves in 2025-03."
    assert reply.query is not None
    assert reply.query.sql == BY_MONTH
    assert reply.query.result.rows[-1] == ("2025-03", 285)
    assert reply.insight is not None
    assert "from 200 to 285" in reply.insight.text
    assert reply.summary is not None
    assert reply.summary.chart is not None
    assert reply.summary.chart.series[0].values == (200.0, 245.0, 285.0)
    assert (reply.status, reply.unverified) == ("answered", ())
    check_one_ending(told.events)
    check_percent(told.events)


def test_parts_come_before_the_text_and_after_the_query(question: dict[str, Any]) -> None:
    told = step(engine(Stub(INTENT, query(), "There were 730.")), "reply", question)

    order = [type(event).__name__ for event in told.events if not isinstance(event, Progress)]
    assert order == ["Part", "ToolCall", "ToolResult", "Part", "Part", "Part", "Delta", "Done"]


def test_what_a_step_used_is_counted(question: dict[str, Any]) -> None:
    told = step(engine(Stub(INTENT, query(), "There were 730.")), "reply", question)

    usage = told.end.usage  # type: ignore[union-attr]
    assert usage["requests"] == 3
    assert usage["input_tokens"] > usage["output_tokens"] > 0
    assert "cost_usd" not in usage  # nobody knows the price of a stub


def test_a_number_from_nowhere_is_flagged_at_the_end_of_the_text_and_in_the_reply(
    question: dict[str, Any],
) -> None:
    told = step(engine(Stub(INTENT, query(), "730 loaves for EUR 9,999.")), "reply", question)

    reply = Reply.model_validate(told.result)
    assert reply.unverified == ("9,999",)
    assert told.text == reply.text
    assert told.text.startswith("730 loaves for EUR 9,999.")
    assert "**Not verified:** 9,999 [unverified]" in told.text


def test_a_model_that_asks_nothing_cannot_make_a_number_up(question: dict[str, Any]) -> None:
    told = step(engine(Stub(INTENT, "There were 812 loaves.")), "reply", question)

    assert told.result["unverified"] == ["812"]
    assert told.result["query"] is None


def test_a_wrong_query_is_told_to_the_model_which_asks_better(
    question: dict[str, Any],
) -> None:
    def again(asked: Asked) -> Use:
        assert "The query does not work" in asked.text
        return query(call_id="query-2")

    stub = Stub(INTENT, query("SELECT nothing FROM sales"), again, "There were 730.")

    told = step(engine(stub), "reply", question)

    failed, worked = told.of(ToolResult)
    assert (bool(failed.error), worked.error) == (True, "")
    assert told.result["query"]["sql"] == TOTAL


def test_a_table_can_be_described_and_no_other(question: dict[str, Any]) -> None:
    def other(asked: Asked) -> Use:
        assert '"name": "loaves", "kind": "number"' in asked.text
        return Use("describe_table", {"table": "users"}, "table-2")

    stub = Stub(INTENT, Use("describe_table", {"table": "sales"}), other, "It has sales.")

    told = step(engine(stub), "reply", question)

    assert [bool(one.error) for one in told.of(ToolResult)] == [False, True]
    assert "There is no table of that name. Choose one of: sales." in stub.asked[-1].text


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [("EXIT", "ended", "Goodbye"), ("UNRELATED", "declined", "cannot tell")],
)
def test_a_message_that_wants_nothing_of_the_data_is_not_worked_on(
    question: dict[str, Any], kind: str, status: str, says: str
) -> None:
    stub = Stub({**INTENT, "intent_type": kind})

    told = step(engine(stub), "reply", question)

    assert told.result["status"] == status
    assert says in told.text == told.result["text"]
    assert len(stub.asked) == 1


def test_a_guess_that_a_message_is_not_about_the_data_is_not_enough(
    question: dict[str, Any],
) -> None:
    stub = Stub({**INTENT, "intent_type": "UNRELATED", "confidence": 0.3}, "No idea.")

    assert (step(engine(stub), "reply", question)).result["status"] == "answered"


def test_a_tool_that_needs_approval_stops_the_step_before_it_is_touched(
    saving: dict[str, Any], tmp_path: Path
) -> None:
    stub = Stub(INTENT, [query(), SAVE])

    told = step(engine(stub), "reply", saving)

    (call,) = told.asks.calls
    assert call == ToolCall(call_id="save-1", tool="save_file", arguments={"path": "a.md"})
    assert told.asks.question == "May save_file run?"
    assert list(tmp_path.iterdir()) == []
    json.dumps(told.asks.state)


def test_an_approved_tool_runs_in_another_process_and_the_answer_goes_on(
    saving: dict[str, Any], tmp_path: Path
) -> None:
    first = Stub(INTENT, [query(), SAVE])
    asks = (step(engine(first), "reply", saving)).asks
    second = Stub("The 730 loaves are in a.md.")

    told = step(
        engine(second),
        "reply",
        saving,
        state=asks.state,
        decisions={"save-1": Decision(decision="approve")},
    )

    assert "# sales" in (tmp_path / "a.md").read_text()
    assert told.result["files"] == ["a.md"]
    assert told.result["unverified"] == []  # the query of the first round is remembered
    assert told.result["query"]["sql"] == TOTAL
    assert [one.tool for one in told.of(ToolCall)] == ["save_file"]
    assert told.end.usage["requests"] == 3  # type: ignore[union-attr]


def test_edited_arguments_are_what_runs_and_what_is_told(
    saving: dict[str, Any], tmp_path: Path
) -> None:
    asks = step(engine(Stub(INTENT, SAVE)), "reply", saving).asks
    decision = Decision(decision="approve", arguments={"path": "b.md"})

    told = step(
        engine(Stub("Saved.")),
        "reply",
        saving,
        state=asks.state,
        decisions={"save-1": decision},
    )

    assert [path.name for path in tmp_path.iterdir()] == ["b.md"]
    assert told.of(ToolCall)[0].arguments == {"path": "b.md"}


@pytest.mark.parametrize("decided", [True, False])
def test_what_is_denied_or_not_decided_does_not_run(
    saving: dict[str, Any], tmp_path: Path, decided: bool
) -> None:
    asks = step(engine(Stub(INTENT, SAVE)), "reply", saving).asks
    stub = Stub("It was not saved.")
    denied = {"save-1": Decision(decision="reject", comment="Not there, please.")}

    told = step(
        engine(stub), "reply", saving, state=asks.state, decisions=denied if decided else {}
    )

    assert told.result["status"] == "denied"
    assert ("Not there, please." in stub.asked[0].text) == decided
    assert list(tmp_path.iterdir()) == []


def test_a_tool_that_is_allowed_in_advance_runs_at_once(
    saving: dict[str, Any], tmp_path: Path
) -> None:
    saving["tools"][0]["approval"] = False
    stub = Stub(INTENT, Use("save_file", {"path": "a.md"}), "Saved.")

    told = step(engine(stub), "reply", saving)

    assert told.result["files"] == ["a.md"]
    assert (tmp_path / "a.md").exists()


def test_wrong_arguments_are_refused_before_a_person_is_asked(saving: dict[str, Any]) -> None:
    stub = Stub(INTENT, Use("save_file", {"path": 7}), Use("save_file", {"path": "a.md"}, "two"))

    told = step(engine(stub), "reply", saving)

    assert told.asks.calls[0].arguments == {"path": "a.md"}


def test_a_tool_of_another_mode_is_not_offered(saving: dict[str, Any]) -> None:
    stub = Stub(INTENT, "Nothing to save.")

    step(engine(stub), "reply", {**saving, "mode": "plan"})

    assert stub.asked[-1].tools == ("run_query", "describe_table")


def test_a_model_that_never_comes_to_an_end_is_stopped(question: dict[str, Any]) -> None:
    stub = Stub(INTENT, query())

    with pytest.raises(Permanent) as raised:
        step(engine(stub, most_requests=4), "reply", question)

    assert raised.value.code == "too_deep"


def test_files_that_are_referred_to_count_as_evidence(question: dict[str, Any]) -> None:
    quoted = {"reference": "plan.md", "path": "plan.md", "kind": "text", "text": "We sell 4321."}
    stub = Stub(INTENT, "The plan says 4321, not 1234.")

    told = step(engine(stub), "reply", {**question, "references": [quoted]})

    assert told.parts[0] == "reference"
    assert told.result["unverified"] == ["1234"]
    assert "We sell 4321." in stub.asked[-1].text


def test_earlier_turns_are_given_as_data(question: dict[str, Any]) -> None:
    turn = {"question": "And Bern?", "answer": "445 loaves.", "sql": "SELECT 1"}
    stub = Stub(INTENT, "Fine.")

    step(engine(stub), "reply", {**question, "history": [turn]})

    assert "earlier turns>>>\nQuestion: And Bern?\nAnswer: 445 loaves." in stub.asked[0].text
