"""An ordinary pydantic-ai Agent, wrapped: its text, tools, approvals, history and errors."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent, ApprovalRequired, ModelRetry, RunContext
from pydantic_ai.exceptions import ToolFailed
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel
from pydantic_ai.models.test import TestModel

from agents.adapters import Call
from agents.base import Decision, ToolCall, ToolResult
from agents.chats import Quoted, Reply, Turn
from agents.contract import EngineContract, Flag
from agents.exceptions import Cancelled, Permanent
from agents.models.wrapped import wrapped
from agents.own import engine_of
from tests.agents.models.stubs import Told, step
from tests.examples.bank_support import Bank, Customer, support_agent

LOST = "My card is lost."
YES = Decision(decision="approve")


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path / "ledger.jsonl")


def ask(bank: Bank, question: dict[str, Any], **more: Any) -> Told:
    source = wrapped(support_agent, deps=lambda call: Customer(call.input["asked_by"], bank))
    return step(engine_of("bank", source), "reply", {**question, "asked_by": "ada"}, **more)


def blocked(bank: Bank) -> list[str]:
    return bank.ledger.read_text().splitlines() if bank.ledger.exists() else []


def agent_that(*said: Any, **more: Any) -> Agent[Any, Any]:
    """Return an agent whose model gives these answers in turn."""
    answers = iter(said)

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[Any]:
        yield next(answers)

    return Agent(FunctionModel(stream_function=stream), name="mine", **more)


def use(tool: str, arguments: str = "{}", call_id: str = "c") -> dict[int, DeltaToolCall]:
    return {0: DeltaToolCall(tool, arguments, tool_call_id=call_id)}


class TestBank(EngineContract):
    """The contract holds for an agent whose author never heard of it."""

    kinds = frozenset({"reply"})

    def make_engine(self) -> Any:
        return engine_of("bank", support_agent)


def test_an_agent_stops_at_a_tool_that_needs_approval(bank: Bank, question: dict[str, Any]) -> None:
    told = ask(bank, {**question, "question": LOST})

    assert told.text == "I am sorry to hear that. There are EUR 123.45 to protect."
    [call] = told.asks.calls
    assert (call.tool, call.arguments) == ("block_card", {"card": "visa", "reason": "lost"})
    assert told.asks.question == "May block_card run?"
    assert call.description == "Block a card of the customer for good."
    assert [one.tool for one in told.of(ToolCall)] == ["balance"]
    assert [one.result for one in told.of(ToolResult)] == [123.45]
    assert blocked(bank) == []


def test_an_approved_tool_runs_once_and_the_agent_goes_on(
    bank: Bank, question: dict[str, Any]
) -> None:
    given = {**question, "question": LOST}
    state = ask(bank, given).asks.state

    told = ask(bank, given, state=state, decisions={"block-1": YES})

    assert blocked(bank) == ['["ada", "visa", "lost"]']
    assert told.text == "Your visa card is blocked. Anything else? "
    assert told.result["status"] == "answered"
    assert told.end.usage["requests"] == 3  # type: ignore[union-attr]


def test_what_an_approved_tool_gave_in_an_earlier_try_is_not_asked_of_it_again(
    bank: Bank, question: dict[str, Any]
) -> None:
    given = {**question, "question": LOST}
    state = ask(bank, given).asks.state

    told = ask(
        bank, given, state=state, decisions={"block-1": YES}, results={"block-1": "It is blocked."}
    )

    assert blocked(bank) == []
    assert told.text == "It is blocked. Anything else? "
    assert [one.result for one in told.of(ToolResult)] == ["It is blocked."]


def test_a_call_that_nobody_allowed_is_made_whatever_is_known(
    bank: Bank, question: dict[str, Any]
) -> None:
    told = ask(bank, {**question, "question": LOST}, results={"look-1": 0})

    assert [one.result for one in told.of(ToolResult)] == [123.45]


def test_a_person_may_edit_the_arguments(bank: Bank, question: dict[str, Any]) -> None:
    given = {**question, "question": LOST}
    state = ask(bank, given).asks.state
    edited = {"card": "master", "reason": "theft"}

    told = ask(
        bank,
        given,
        state=state,
        decisions={"block-1": Decision(decision="approve", arguments=edited)},
    )

    assert blocked(bank) == ['["ada", "master", "theft"]']
    assert [one.arguments for one in told.of(ToolCall)] == [edited]


@pytest.mark.parametrize(
    "decisions", [{}, {"block-1": Decision(decision="reject", comment="It is found.")}]
)
def test_a_denied_tool_does_not_run_and_the_agent_is_told_why(
    decisions: dict[str, Decision], bank: Bank, question: dict[str, Any]
) -> None:
    given = {**question, "question": LOST}
    state = ask(bank, given).asks.state

    told = ask(bank, given, state=state, decisions=decisions)

    assert blocked(bank) == []
    assert told.result["status"] == "denied"
    assert ("It is found." in told.text) == bool(decisions)


def test_a_tool_that_a_session_allows_does_not_ask(bank: Bank, question: dict[str, Any]) -> None:
    told = ask(bank, {**question, "question": LOST, "allowed": ["block_card"]})

    assert len(blocked(bank)) == 1
    assert told.text.endswith("Your visa card is blocked. Anything else? ")
    assert told.text == told.result["text"]
    assert [one.tool for one in told.of(ToolCall)] == ["balance", "block_card"]


def test_earlier_turns_are_known_with_what_tools_said(bank: Bank, question: dict[str, Any]) -> None:
    given = {**question, "question": LOST}
    paused = ask(bank, given).asks.state
    done = ask(bank, given, state=paused, decisions={"block-1": YES})
    first = Turn(question="Hello", answer="Hello.")  # of another engine
    second = Turn(question=LOST, answer=done.text, memory=done.result["memory"])

    told = ask(
        bank,
        {**question, "question": "Hi", "history": [one.model_dump() for one in (first, second)]},
    )

    assert told.text == "This is message 3 of our talk. How can I help?"
    kinds = [part["part_kind"] for one in second.memory["messages"] for part in one["parts"]]
    assert kinds.count("tool-return") == 2
    assert len(told.result["memory"]["messages"]) == 2


def test_a_quoted_file_is_part_of_what_is_asked(question: dict[str, Any]) -> None:
    quoted = Quoted(reference="card.txt", path="card.txt", kind="text", text="It is lost.")
    given = {**question, "question": "See @card.txt", "references": [quoted.model_dump()]}

    told = step(engine_of("bank", wrapped(support_agent, deps=_no_bank)), "reply", given)

    assert told.parts == ["reference"]
    assert told.asks.calls


def _no_bank(call: Call) -> Customer:
    return Customer("eve", Bank(Path("/nowhere")))


class Advice(BaseModel):
    advice: str
    card_blocked: bool


def test_an_answer_in_a_form_is_told_as_markdown(question: dict[str, Any]) -> None:
    arguments = {"advice": "Wait.", "card_blocked": False}
    agent = Agent(TestModel(custom_output_args=arguments), output_type=Advice)

    told = step(engine_of("advice", agent), "reply", question)

    assert told.text == "- **advice**: Wait.\n- **card blocked**: false"
    assert Reply.model_validate(told.result).text == told.text


def test_a_team_may_say_how_its_form_is_told(question: dict[str, Any]) -> None:
    agent = Agent(
        TestModel(custom_output_args={"advice": "Wait.", "card_blocked": False}), output_type=Advice
    )

    told = step(engine_of("a", wrapped(agent, text=lambda one: one.advice)), "reply", question)

    assert told.text == "Wait."


def test_dependencies_may_be_made_asynchronously(question: dict[str, Any]) -> None:
    agent = agent_that(use("who"), "Done.", deps_type=str)

    @agent.tool
    def who(ctx: RunContext[str]) -> str:
        return ctx.deps

    async def deps(call: Call) -> str:
        await asyncio.sleep(0)
        return call.idempotency_key("who")

    told = step(engine_of("a", wrapped(agent, deps=deps)), "reply", question)

    assert [one.result for one in told.of(ToolResult)] == ["run:reply:who"]


def test_a_tool_may_ask_for_approval_on_its_way(question: dict[str, Any]) -> None:
    done: list[int] = []
    agent = agent_that(use("pay", '{"euros": 900}'), "Paid.")

    @agent.tool
    def pay(ctx: RunContext[None], euros: int) -> str:
        if euros > 100 and not ctx.tool_call_approved:
            raise ApprovalRequired
        done.append(euros)
        return "ok"

    engine = engine_of("a", agent)
    paused = step(engine, "reply", question)
    told = step(engine, "reply", question, state=paused.asks.state, decisions={"c": YES})

    assert paused.of(ToolResult)[0].error == "A person is asked first."
    assert done == [900]
    assert told.text == "Paid."


@pytest.mark.parametrize("error", [ModelRetry("Look elsewhere."), ToolFailed("Look elsewhere.")])
def test_why_a_tool_failed_is_told(error: Exception, question: dict[str, Any]) -> None:
    agent = agent_that(use("find"), "Nothing there.")

    @agent.tool_plain
    def find() -> str:
        raise error

    told = step(engine_of("a", agent), "reply", question)

    assert [one.error for one in told.of(ToolResult)] == ["Look elsewhere."]
    assert told.text == "Nothing there."


def test_an_agent_with_validators_of_its_output_answers(question: dict[str, Any]) -> None:
    agent = agent_that("Well.")

    @agent.output_validator
    def check(said: str) -> str:
        return said

    assert step(engine_of("a", agent), "reply", question).text == "Well."


def test_how_to_mend_an_agent_is_said_in_the_words_of_its_library(question: dict[str, Any]) -> None:
    with pytest.raises(Permanent, match="nobody cannot run as it was made") as raised:
        step(engine_of("a", Agent(name="nobody")), "reply", question)

    assert raised.value.code == "engine_not_configured"


def test_an_agent_is_cancelled_while_its_model_thinks(question: dict[str, Any]) -> None:
    flag = Flag()
    ended: list[bool] = []

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
        yield "I am thin"
        flag.on = True
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    agent = Agent(FunctionModel(stream_function=stream))

    with pytest.raises(Cancelled):
        step(engine_of("a", agent), "reply", question, flag=flag)
    assert ended == [True]
