"""The contract over every engine there is, and over engines that break it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from agents.adapters import (
    AdaptedEngine,
    Call,
    Emit,
    from_async_generator,
    from_callback,
    from_function,
    from_generator,
)
from agents.base import AgentEvent, Delta, Done, Engine, Progress
from agents.chats import WorkflowResult
from agents.contract import EngineContract, check_one_ending, check_percent
from agents.registry import engine
from agents.scripted import Script, ScriptedEngine
from tests.agents.models.stubs import Stub, well
from tests.agents.models.stubs import engine as model_engine


class TestOffline(EngineContract):
    def make_engine(self) -> Engine:
        return engine("offline")


class TestScripted(EngineContract):
    executes = False

    def make_engine(self) -> Engine:
        return ScriptedEngine()


class TestSlowScripted(EngineContract):
    executes = False

    def make_engine(self) -> Engine:
        return ScriptedEngine(Script(delay=0.001, delta_size=200))


def _generator(call: Call) -> Iterator[AgentEvent]:
    yield Progress(percent=10, message="Started.")
    yield Delta(text=f"# {call.kind}")
    yield Done(result={"title": "T", "markdown": "# finalise", "checkpoints": 0, **COUNTS})


async def _async_generator(call: Call) -> AsyncIterator[AgentEvent]:
    for event in _generator(call):
        yield event


def _callback(call: Call, emit: Emit) -> None:
    for event in _generator(call):
        emit(event)


COUNTS = {"frameworks": [], "data_points": 0, "iterations": 0}
STEPS = {
    "generator": from_generator(_generator),
    "async generator": from_async_generator(_async_generator),
    "callback": from_callback(_callback),
}


class TestAdaptedGenerator(EngineContract):
    def make_engine(self) -> Engine:
        return AdaptedEngine("adapted", {"finalise": STEPS["generator"]})


class TestAdaptedAsyncGenerator(EngineContract):
    def make_engine(self) -> Engine:
        return AdaptedEngine("adapted", {"finalise": STEPS["async generator"]})


class TestAdaptedCallback(EngineContract):
    def make_engine(self) -> Engine:
        return AdaptedEngine("adapted", {"finalise": STEPS["callback"]})


class TestAdaptedFunction(EngineContract):
    def make_engine(self) -> Engine:
        done = from_function(lambda call: WorkflowResult(title=call.kind, text="Done."))
        return AdaptedEngine("adapted", {"workflow": done})


class TestModel(EngineContract):
    """A language model that answers well; `tests/agents/models` has those that do not."""

    def make_engine(self) -> Engine:
        return model_engine(Stub(well))


class TestModelThatFails(EngineContract):
    """The offline engine stands in for a model that cannot be reached."""

    def make_engine(self) -> Engine:
        return model_engine(Stub(ConnectionError()), fallback="offline")


def test_two_endings_are_noticed() -> None:
    with pytest.raises(AssertionError):
        check_one_ending([Done(result={}), Done(result={})])


def test_a_falling_percentage_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_percent([Progress(percent=5, message=""), Progress(percent=4, message="")])
