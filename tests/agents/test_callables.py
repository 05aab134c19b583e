"""Agents in the shapes of the first chats, as steps of an engine: sync, async, with a callback."""

from collections.abc import Mapping
from typing import Any

import pytest

from agents import scripted_chats
from agents.adapters import AdaptedEngine, Source
from agents.base import Delta, Part, Progress
from agents.callables import ProgressCallback, from_chat, from_query
from agents.chats import Reply, ReplyInput
from agents.contract import record
from agents.data_model import DataModel
from agents.exceptions import Permanent

MODEL = DataModel.model_validate(scripted_chats.model("sales").model_dump())
INPUT = ReplyInput(question="How many?", model=MODEL, folder="", session_id="s1")
GIVEN = INPUT.model_dump(mode="json")
INTENT = scripted_chats.INTENT.model_dump(mode="json")
INSIGHT = {"text": "March.", "facts": ["March: 8"]}


def engine_of(source: Source) -> AdaptedEngine:
    return AdaptedEngine("mine", {"reply": source})


def sync_chat(session_id: str, message: str) -> str:
    return f"{session_id}: {message}"


async def async_chat(session_id: str, message: str) -> dict[str, Any]:
    return {"text": f"{session_id}: {message}", "suggestions": ["More?"], "elapsed": 7}


@pytest.mark.parametrize("chat", [sync_chat, async_chat])
async def test_a_chat_function_answers_a_session_sync_or_async(chat: Any):
    """Rows 0-22, 1-10."""
    told = await record(engine_of(from_chat(chat)), "reply", GIVEN)

    reply = Reply.model_validate(told.result)
    assert reply.text == "s1: How many?"
    assert [one.text for one in told.events if isinstance(one, Delta)] == [reply.text]
    assert reply.status == "answered"
    assert reply.suggestions == (("More?",) if chat is async_chat else ())


def query(message: str, context: Mapping[str, Any], progress_callback: ProgressCallback) -> Any:
    progress_callback("searching", "Searching the data...")
    progress_callback("intent_parsed", INTENT)
    progress_callback("insight_generated", INSIGHT)
    return {"text": f"{message} {context['session_id']}", "insight_result": "not a member"}


async def test_what_a_callback_tells_becomes_parts_and_progress():
    """Rows 1-10, 1-30, 1-31, 1-34."""
    told = await record(engine_of(from_query(query)), "reply", GIVEN)

    kinds = [type(one) for one in told.events[:-1]]
    assert kinds == [Progress, Part, Part, Delta]
    parts = {one.name: one.data for one in told.events if isinstance(one, Part)}
    assert parts == {"intent": INTENT, "insight": INSIGHT}
    reply = Reply.model_validate(told.result)
    assert (reply.text, reply.intent.intent_type) == ("How many? s1", "PARTICULAR")
    assert reply.insight is not None
    assert reply.insight.text == "March."


def returns_none(session_id: str, message: str) -> Any:
    return None


def returns_nonsense(session_id: str, message: str) -> Any:
    return {"status": "maybe", "text": "x"}


@pytest.mark.parametrize("chat", [returns_none, returns_nonsense])
async def test_an_answer_that_is_none_is_refused(chat: Any):
    """Row 0-22."""
    with pytest.raises(Permanent) as caught:
        await record(engine_of(from_chat(chat)), "reply", GIVEN)

    assert caught.value.code == "bad_engine"


async def test_a_part_of_the_wrong_shape_is_refused():
    def wrong(message: str, context: Any, progress_callback: ProgressCallback) -> str:
        progress_callback("intent_parsed", {"intent_type": "PERHAPS"})
        return "x"

    with pytest.raises(Permanent, match="intent_parsed"):
        await record(engine_of(from_query(wrong)), "reply", GIVEN)
