"""Sessions with a language model, through runs, gates and streams."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agents import registry
from chat.models import Message
from runs.models import Run, Step
from tests.agents.models.stubs import INTENT, Asked, Stub, Use, engine, well
from tests.chat.talking import ask, pending, start, told, work_off
from tests.factories import answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
BY_SPECIES = "SELECT species, count(*) AS birds FROM penguins GROUP BY species ORDER BY species"
NAME = "stubbed"
Say = Callable[[Asked], Any]


@pytest.fixture
def model() -> Iterator[Callable[[Say], None]]:
    """Make the engine `stubbed` one with a model that says what it is told to.

    Each step gets an engine of its own, as if each were done by another process.
    """

    def use(say: Say) -> None:
        registry.register(NAME, lambda: engine(Stub(say)))

    use(well)
    yield use
    registry.unregister(NAME)


def counting(asked: Asked) -> Any:
    if "result of the query" in asked.text:
        return ["There are 152 ", "Adelie penguins, and 9999 others."]
    return answering(asked, Use("run_query", {"sql": BY_SPECIES, "interpretation": "Birds."}))


def saving(asked: Asked) -> Any:
    if "result of save_file" in asked.text:
        return "It is saved."
    if "did not allow" in asked.text:
        return "It was not saved."
    return answering(asked, Use("save_file", {"path": "report.md"}, "save-1"))


def answering(asked: Asked, use: Use) -> Any:
    if "intent_type" in asked.form:
        return INTENT
    return use if asked.tools else well(asked)


def result_of(run: Run) -> dict[str, Any]:
    step = Step.objects.filter(run=run, name__startswith="reply").order_by("pk").last()
    assert step is not None
    assert step.result is not None
    return dict(step.result["result"])


def test_a_message_is_answered_with_a_query_and_what_is_not_verified_is_told(model) -> None:
    model(counting)
    session = start(engine=NAME)

    run = ask(session, "How many penguins of each species?")

    types = [one["type"] for one in told(session) if one.get("run_id") == str(run.pk)]
    order = [
        "intent_parsed", "tool_call_started", "tool_call_result", "query_executed",
        "insight_generated", "data_summary", "content_delta", "message_completed", "run_completed",
    ]  # fmt: skip
    assert run.state == "completed"
    assert [types.index(one) for one in order] == sorted(types.index(one) for one in order)
    result = result_of(run)
    assert result["unverified"] == ["9999"]
    whole = json.loads(told(session, "result")[-1]["content"])
    assert "9999 [unverified]" in whole["text"] == result["text"]
    used = Step.objects.get(run=run, name="reply-1").usage
    assert used["requests"] == 3
    assert (session.data_set.model or {})["written_by"] == "stub"


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_tool_waits_at_a_gate_and_another_engine_goes_on(model, decision: str) -> None:
    model(saving)
    session = start(engine=NAME, mode="act")
    run = ask(session, "Save a report, please.")
    assert run.state == "waiting"
    gate = pending(session)
    assert gate.payload["calls"][0]["arguments"] == {"path": "report.md"}
    edited = {"arguments": {"save-1": {"path": "edited.md"}}}

    answer(gate, decision=decision, payload=edited if decision == "approve" else None)
    work_off(session)

    run.refresh_from_db()
    assert run.state == "completed"
    names = [path.name for path in session.workspace.glob("*.md")]
    assert names == (["edited.md"] if decision == "approve" else [])
    assert result_of(run)["status"] == ("answered" if decision == "approve" else "denied")
    replies = Message.objects.filter(session=session, role=Message.Role.ASSISTANT)
    assert {reply.status for reply in replies} == {Message.Status.COMPLETE}


def test_a_model_that_is_not_configured_ends_the_run_with_what_to_set() -> None:
    session = start(engine="scripted")
    session.engine = "pydantic-ai"
    session.save()

    run = ask(session, "How many?")

    assert (run.state, run.error_code) == ("failed", "engine_not_configured")
    assert "Set CAIRN_MODEL" in run.error_message
