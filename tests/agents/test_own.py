"""A team's own object as an engine: found by its place, imported late, taken in many shapes."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from agents import own, registry
from agents.adapters import Call, from_function
from agents.base import ApprovalNeeded, Delta, Done, Part, Progress, StepContext
from agents.callables import from_chat
from agents.chats import Intent, Reply
from agents.contract import chat_inputs, record
from agents.data_model import DataModel
from agents.exceptions import Permanent
from agents.own import KINDS, engine_of
from agents.scripted import ScriptedEngine
from tests.agents.models.stubs import Told, step

INTENT = Intent(intent_type="HELP", confidence=1, reasoning="So it is.")


def talk(thing: Any, **more: Any) -> Told:
    return step(engine_of("mine", thing), "reply", chat_inputs()["reply"], **more)


class Speaker:
    def __call__(self, call: Call) -> Iterator[str]:
        yield "An "
        yield "object."


async def coroutine(call: Call) -> str:
    return "Awaited."


async def saying(call: Call, say: Any) -> None:
    await say("Said, ")
    await say("awaited.")


def returns_more(call: Call, say: Any) -> str:
    say("First. ")
    return "Last."


def with_default(call: Call, mood: str = "well") -> str:
    return f"All is {mood}."


async def mixed(call: Call) -> AsyncIterator[Any]:
    yield Progress(percent=10, message="Begun.")
    yield Part(name="intent", data=INTENT.model_dump(mode="json"))
    yield "Help."


def factory() -> Any:
    return with_default


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Speaker(), "An object."),
        (coroutine, "Awaited."),
        (saying, "Said, awaited."),
        (returns_more, "First. Last."),
        (with_default, "All is well."),
        (factory, "All is well."),
        (mixed, "Help."),
        (lambda call: {"text": "A mapping.", "suggestions": ["More?"]}, "A mapping."),
        (lambda call: Reply(status="declined", text="No.", intent=INTENT), "No."),
        (from_chat(lambda session_id, message: "As of old."), "As of old."),
        ({"reply": coroutine}, "Awaited."),
    ],
)
def test_an_agent_may_speak_in_many_ways(thing: Any, text: str) -> None:
    told = talk(thing)

    assert told.text == text
    assert Reply.model_validate(told.result).text == text


def test_parts_that_were_told_are_parts_of_the_answer() -> None:
    told = talk(mixed)

    assert told.result["intent"] == INTENT.model_dump(mode="json")
    assert [type(one) for one in told.events] == [Progress, Part, Delta, Done]


def test_an_engine_is_taken_as_it_is() -> None:
    assert talk(ScriptedEngine).result["intent"]["intent_type"] == "PARTICULAR"
    assert talk(ScriptedEngine()).parts[0] == "intent"


def test_what_an_agent_does_not_do_the_offline_engine_does() -> None:
    mine = engine_of("mine", coroutine)

    told = step(mine, "initialise", chat_inputs()["initialise"])

    assert DataModel.model_validate(told.result).tables[0].name == "sales"
    assert mine.capabilities >= KINDS


def says_twice(call: Call) -> Iterator[Any]:
    yield "One text."
    yield {"text": "Another."}


def goes_on(call: Call) -> Iterator[Any]:
    yield ApprovalNeeded(question="May I?", calls=(), state={})
    yield "Never mind."


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (lambda call: None, "without saying anything"),
        (lambda call: 7, "gave int, no event"),
        (says_twice, "another text"),
        (goes_on, "after its end"),
        (7, "int is no agent"),
        ({"answer": coroutine}, "no kind of step"),
        ({"propose": with_default}, "from_function"),
        ({"reply": lambda call: {"text": "x", "status": "maybe"}}, "The reply is no Reply"),
    ],
)
def test_what_is_wrong_with_an_agent_is_said(thing: Any, words: str) -> None:
    with pytest.raises(Permanent, match=words) as raised:
        talk(thing)

    assert raised.value.code == "bad_engine"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the name of an agent whose module notes in which thread it was imported."""
    code = "import threading\nthread = threading.get_ident()\ndef hello(call): return 'Hello.'\n"
    (tmp_path / "team_of_a_test.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    yield "team_of_a_test"
    sys.modules.pop("team_of_a_test", None)
    for name in ("hello", "wrong", "gone"):
        registry.unregister(name)


async def test_an_agent_is_imported_off_the_loop_when_it_is_used(place: str) -> None:
    own.register("hello", f"{place}:hello")
    engine = registry.engine("hello")
    assert place not in sys.modules

    given = chat_inputs()["reply"]
    context = StepContext(run_id="r", step="reply", input=given)
    events = [one async for one in engine.step("reply", context, _Never())]

    assert [one.text for one in events if isinstance(one, Delta)] == ["Hello."]
    assert sys.modules[place].thread != threading.get_ident()


class _Never:
    def is_set(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("name", "where"), [("gone", "no_such_module_at_all:agent"), ("wrong", "{place}:nobody")]
)
def test_an_agent_that_is_not_there_fails_its_run_with_its_place(
    name: str, where: str, place: str
) -> None:
    own.register(name, where.format(place=place))

    with pytest.raises(Permanent, match=f"The agent {name} .* cannot be loaded") as raised:
        step(registry.engine(name), "reply", chat_inputs()["reply"])  # type: ignore[arg-type]
    assert raised.value.code == "engine_not_configured"


def test_what_a_module_says_when_it_fails_is_for_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "team_that_fails.py").write_text("raise ValueError('password=hunter2')")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(Permanent, match=r"cannot be loaded: ValueError$"):
        asyncio.run(record(own.OwnEngine("bad", "team_that_fails:x"), "reply", {}))
    assert "hunter2" in caplog.text


@pytest.mark.parametrize(
    ("name", "where"), [("two words", "a:b"), ("x" * 41, "a:b"), ("a", "a.b"), ("a", "a:b()")]
)
def test_a_wrong_name_or_place_is_refused(name: str, where: str) -> None:
    with pytest.raises(ValueError, match=r"is no (name|place)"):
        own.register(name, where)


def test_knowing_agents_imports_no_library_of_models() -> None:
    code = "import sys, agents.own; agents.own.register('a', 'b:c'); print('pydantic_ai' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"


def test_other_kinds_are_made_with_adapters() -> None:
    made = engine_of("mine", {"workflow": from_function(lambda call: {"title": "T", "text": "x"})})

    assert step(made, "workflow", chat_inputs()["workflow"]).result["title"] == "T"
