"""Tools as forms, and forms that fit: for models that call nothing and have little room."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from agents.base import Done, ToolCall
from agents.contract import chat_inputs
from agents.models.answers import Applied, Described, Proposed, Sorted
from agents.models.fitting import CHARACTERS, fitted
from tests.agents.models.stubs import INTENT, TOTAL, Asked, Stub, engine, step

SAVING = [{"name": "save_file", "description": "Write a file.", "approval": True}]
QUERY = {"tool": "run_query", "arguments": {"sql": TOTAL, "interpretation": "Loaves by month."}}


def filling(*forms: Any) -> Stub:
    """Return a model that fills in these forms in turn, then says that it answers, and answers."""
    left = list(forms)

    def answer(asked: Asked) -> Any:
        assert asked.tools == (), "A model that calls no tools was offered some."
        if "intent_type" in asked.form:
            return INTENT
        if "Fill in the form" in asked.text:
            return left.pop(0) if left else {"tool": "answer"}
        return "It is 285."

    return Stub(answer)


def reply(stub: Stub, question: str = "How many loaves?", **more: Any) -> Any:
    given = {**chat_inputs()["reply"], "question": question, **more}
    return step(engine(stub, tools="form", output="native"), "reply", given)


def test_a_query_is_asked_for_as_a_form_and_executed() -> None:
    told = reply(filling(QUERY))

    assert [one.tool for one in told.of(ToolCall)] == ["run_query"]
    assert told.result["query"]["sql"] == TOTAL
    assert told.result["text"].startswith("It is 285.")
    assert isinstance(told.end, Done)
    assert told.end.usage["requests"] == 4  # intent, two forms, the text


def test_a_tool_that_the_message_names_waits_for_a_person_in_any_case() -> None:
    call = {"tool": "save_file", "arguments": {"path": "report.md"}}

    told = reply(filling(call), "Use save_file now.", mode="act", tools=SAVING)

    assert [one.tool for one in told.asks.calls] == ["save_file"]
    assert told.asks.calls[0].arguments == {"path": "report.md"}


@pytest.mark.parametrize(
    "form",
    ["no JSON", {"tool": "delete_all", "arguments": {}}, {"tool": "run_query"}, ["run_query"]],
)
def test_a_form_that_is_no_call_leads_to_an_answer(form: Any) -> None:
    text = form if isinstance(form, str) else json.dumps(form)

    told = reply(filling(text))

    assert told.of(ToolCall) == []
    assert told.result["text"]


def test_a_model_that_would_query_for_ever_has_to_answer() -> None:
    told = reply(filling(*[QUERY] * 9))

    assert len(told.of(ToolCall)) == 3


@pytest.mark.parametrize("shape", [Applied, Described, Proposed, Sorted])
@pytest.mark.parametrize("tokens", [128, 256, 1024])
def test_the_longest_answer_in_a_form_fits(shape: Any, tokens: int) -> None:
    schema = fitted(shape.model_json_schema(), tokens=tokens)

    longest = json.dumps(_longest(schema, schema), separators=(",", ":"))

    assert len(longest) <= tokens * CHARACTERS
    try:
        shape.model_validate_json(longest)
    except ValidationError as error:
        pytest.fail(f"What the form allows is not allowed: {error}")


def test_with_much_room_a_form_is_as_it_was() -> None:
    schema = fitted(Proposed.model_json_schema(), tokens=8192)

    assert schema["properties"]["approach"]["maxLength"] == 2000


def _longest(schema: Any, whole: Any) -> Any:
    if "$ref" in schema:
        return _longest(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "enum" in schema:
        return max(schema["enum"], key=len)
    match schema["type"]:
        case "object":
            return {name: _longest(one, whole) for name, one in schema["properties"].items()}
        case "array":
            return [_longest(schema["items"], whole)] * schema["maxItems"]
        case "string":
            return "x" * schema["maxLength"]
        case "number":
            return 0.123456789
    return schema["maximum"]
