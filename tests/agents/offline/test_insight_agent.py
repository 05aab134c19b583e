"""The engine as sync functions: the intent routes, the callback is told, and neither is needed."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents import registry
from agents.adapters import AdaptedEngine
from agents.callables import from_chat, from_query
from agents.chats import Reply, ReplyInput
from agents.contract import record
from agents.data_model import DataModel
from agents.exceptions import Permanent
from agents.offline.datamodel_agent import DataModelAgent
from agents.offline.insight_agent import HANDLERS, InsightAgent

PENGUINS = Path(__file__).resolve().parents[3] / "chat" / "demo_data" / "penguins" / "penguins.csv"
QUESTION = "How many penguins by species?"
Told = list[tuple[str, Any]]


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> DataModelAgent:
    made = DataModelAgent()
    made.initialize("s1", files=[PENGUINS], folder=tmp_path_factory.mktemp("data") / "tables")
    return made


@pytest.fixture
def context(agent: DataModelAgent) -> dict[str, Any]:
    session = agent.sessions["s1"]
    return {"model": session.model, "folder": session.folder}


@pytest.mark.parametrize(
    ("message", "intent_type", "type_"),
    [
        (QUESTION, "PARTICULAR", "insight"),
        ("What is in the data?", "NOT_PARTICULAR", "overview"),
        ("Help", "HELP", "help"),
        ("What is the weather in Paris tomorrow?", "UNRELATED", "declined"),
        ("Goodbye", "EXIT", "exit"),
    ],
)
def test_a_message_is_routed_by_its_intent(
    context: dict[str, Any], message: str, intent_type: str, type_: str
):
    """Row 1-33: a table."""
    result = InsightAgent().process_query_with_intent(message, context)

    assert (result["intent_type"], result["type"]) == (intent_type, type_)
    assert result["intent_result"]["intent_type"] == intent_type
    assert result["response"]
    assert (result["insight_result"] is not None) == (type_ == "insight")
    assert intent_type in HANDLERS


def test_the_callback_is_told_each_part_by_its_name(context: dict[str, Any]):
    """Rows 1-30, 1-31, 1-34, 1-7: the intent before the insight."""
    told: Told = []

    result = InsightAgent().process_query_with_intent(
        QUESTION, context, lambda name, payload: told.append((name, payload))
    )

    named = dict(told)
    assert named["intent_parsed"] == result["intent_result"]
    assert named["insight_generated"] == result["insight_result"]
    assert named["query_executed"] == result["query_result"]
    names = [name for name, _ in told]
    assert names.index("intent_parsed") < names.index("query_executed")
    assert names.index("query_executed") < names.index("insight_generated")
    assert "progress" in names


def test_without_a_callback_the_result_is_the_same(context: dict[str, Any]):
    """Row 1-32: the default is None."""
    told: Told = []
    agent = InsightAgent()

    with_one = agent.process_query_with_intent(
        QUESTION, context, progress_callback=lambda *one: told.append(one)
    )

    assert agent.process_query_with_intent(QUESTION, context) == with_one
    assert agent.process_query(QUESTION, context) == with_one


@pytest.mark.parametrize("wrong", [{}, {"model": {}, "folder": "x"}, {"folder": "x"}], ids=str)
def test_a_context_without_data_is_refused(wrong: dict[str, Any]):
    """Row 1-32."""
    with pytest.raises(Permanent) as caught:
        InsightAgent().process_query(QUESTION, wrong)

    assert caught.value.code == "bad_context"


def test_a_follow_up_knows_what_was_said_before(agent: DataModelAgent):
    """Row 1-42."""
    agent.sessions["s2"] = type(agent.sessions["s1"])(
        model=agent.sessions["s1"].model, folder=agent.sessions["s1"].folder
    )
    first = agent.chat_sync("s2", QUESTION)
    agent.chat_sync("s2", "And by island?")

    turns = agent.sessions["s2"].history
    assert [one.question for one in turns] == [QUESTION, "And by island?"]
    assert turns[0].sql == first["query_result"]["sql"]
    assert turns[0].answer == first["response"]


def test_a_session_that_was_not_initialized_is_refused(agent: DataModelAgent):
    """Row 0-22."""
    with pytest.raises(Permanent) as caught:
        agent.chat_sync("unknown", QUESTION)

    assert caught.value.code == "unknown_session"


def test_profiling_tells_how_far_it_is(tmp_path: Path):
    """Row 0-22."""
    told: Told = []
    agent = DataModelAgent()

    model = agent.initialize(
        "s1",
        files=[PENGUINS],
        folder=tmp_path / "tables",
        progress_callback=lambda name, payload: told.append((name, payload)),
    )

    assert DataModel.model_validate(model).tables[0].rows == 344
    assert len(told) > 3
    assert {name for name, _ in told} == {"progress"}


def test_a_question_back_is_answered_in_a_second_call(context: dict[str, Any]):
    """Row 1-33: an engine that is unsure asks."""
    agent = InsightAgent(registry.engine("scripted"))

    asked = agent.process_query("Please ask me", context)
    answered = agent.process_query(
        "Please ask me", {**context, "state": asked["state"], "answer": "March"}
    )

    assert (asked["type"], asked["options"]) == ("question", ["January", "February", "March"])
    assert "You asked (March)" in answered["response"]


async def test_inside_a_running_loop_it_says_to_use_a_thread(agent: DataModelAgent):
    """Rows 0-6, 1-8."""
    with pytest.raises(RuntimeError, match="thread"):
        agent.chat_sync("s1", QUESTION)

    assert (await asyncio.to_thread(agent.chat_sync, "s1", QUESTION))["type"] == "insight"


@pytest.mark.parametrize("shape", ["chat", "query"])
async def test_the_functions_make_an_engine_that_replies_as_the_engine_itself(
    agent: DataModelAgent, context: dict[str, Any], shape: str
):
    """Rows 0-22, 1-10: there and back."""

    def said(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: {**(told := function(*given)), "text": told["response"]}

    source = (
        from_chat(said(agent.chat_sync))
        if shape == "chat"
        else from_query(said(InsightAgent().process_query_with_intent))
    )
    given = ReplyInput.model_validate({**context, "question": QUESTION, "session_id": "s1"})
    mine = AdaptedEngine("mine", {"reply": source})

    reply = Reply.model_validate(
        (await record(mine, "reply", given.model_dump(mode="json"))).result
    )
    own = await record(registry.engine("offline"), "reply", given.model_dump(mode="json"))

    assert reply.text == Reply.model_validate(own.result).text
    if shape == "query":
        assert reply.insight == Reply.model_validate(own.result).insight
