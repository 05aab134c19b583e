"""The offline engine stands in only where that is allowed, and its answer says so."""

from collections.abc import Iterator
from typing import Any

import pytest

from agents import registry
from agents.base import Decision, StepKind
from agents.contract import DOCUMENT, check_percent, planning_inputs
from agents.exceptions import Retryable
from agents.models.engine import made
from agents.models.fallback import TEXTS
from agents.models.settings import ModelSettings
from agents.scripted import ScriptedEngine
from tests.agents.models.stubs import INTENT, TOTAL, Stub, Use, engine, step

DOCUMENTS = [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]
BROKEN = ConnectionError()
QUERY = Use("run_query", {"sql": TOTAL, "interpretation": "Loaves."})


def test_without_leave_nobody_stands_in(question: dict[str, Any]) -> None:
    with pytest.raises(Retryable):
        step(engine(Stub(BROKEN)), "reply", question)


@pytest.mark.parametrize("kind", ["propose", "iterate", "summarise", "finalise"])
def test_each_planning_step_has_a_stand_in_that_says_so(kind: StepKind) -> None:
    given = planning_inputs(DOCUMENTS)[kind]

    told = step(engine(Stub(BROKEN), fallback="offline"), kind, given)

    text = told.result[TEXTS[kind]]
    assert text.startswith("*The language model could not be used (model_unavailable):")
    assert told.text in ("", text)
    check_percent(told.events)


def test_a_reply_has_a_stand_in_that_says_so(question: dict[str, Any]) -> None:
    told = step(engine(Stub(BROKEN), fallback="offline"), "reply", question)

    assert told.text == told.result["text"]
    assert "What follows is the offline engine's" in told.text
    assert told.parts.count("intent") == 1


def test_an_intent_that_was_told_is_not_told_again(question: dict[str, Any]) -> None:
    told = step(engine(Stub(INTENT, BROKEN), fallback="offline"), "reply", question)

    assert told.parts.count("intent") == 1


@pytest.mark.parametrize("begun", [QUERY, ["Half an answer ", BROKEN]])
def test_an_answer_that_was_begun_is_not_finished_by_another(
    question: dict[str, Any], begun: Any
) -> None:
    stub = Stub(INTENT, begun, ["And ", BROKEN])

    with pytest.raises(Retryable):
        step(engine(stub, fallback="offline"), "reply", question)


def test_a_model_that_is_not_configured_has_a_stand_in_too(question: dict[str, Any]) -> None:
    told = step(
        made("nobody:x", ModelSettings(model="nobody:x", fallback="offline")), "reply", question
    )

    assert "(engine_not_configured)" in told.text


@pytest.fixture
def scripted() -> Iterator[None]:
    """Let the scripted engine be the one that stands in: it asks when it is told to."""
    registry.register("offline", ScriptedEngine)
    yield
    registry.unregister("offline")


@pytest.mark.usefixtures("scripted")
def test_a_question_of_the_stand_in_comes_back_to_it(question: dict[str, Any]) -> None:
    asked = {**question, "question": "Please call a tool."}
    told = step(engine(Stub(BROKEN), fallback="offline"), "reply", asked)
    stub = Stub("Nobody asks the model now.")

    again = step(
        engine(stub),
        "reply",
        asked,
        state=told.asks.state,
        decisions={"call-1": Decision(decision="reject", comment="No.")},
    )

    assert again.result["status"] == "denied"
    assert stub.asked == []
