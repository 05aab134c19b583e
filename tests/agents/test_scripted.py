import asyncio
import time
from typing import Literal

import pytest

from agents.base import ApprovalNeeded, Decision, Done, Metric, Progress, StepContext
from agents.contract import Flag, planning_inputs, record
from agents.exceptions import Cancelled, Permanent, Retryable
from agents.plans import IterationResult
from agents.scripted import Failure, Script, ScriptedEngine, build

INPUTS = planning_inputs()


async def test_an_iteration_has_two_frameworks_and_three_data_points() -> None:
    recording = await record(ScriptedEngine(), "iterate", INPUTS["iterate"])

    result = IterationResult.model_validate(recording.result)
    assert (len(result.frameworks), len(result.data_points)) == (2, 3)
    assert result.followed == ("Followed: More about costs, please.",)


async def test_metrics_end_at_what_the_result_has() -> None:
    recording = await record(ScriptedEngine(), "iterate", INPUTS["iterate"])

    last = {event.name: event.value for event in recording.events if isinstance(event, Metric)}
    assert last == {"frameworks": 2, "data_points": 3, "citations": 2, "insights": 1, "gaps": 1}


async def test_a_script_says_how_many_events_an_iteration_has() -> None:
    engine = ScriptedEngine(Script(events_per_iteration=50))

    recording = await record(engine, "iterate", INPUTS["iterate"])

    told = [event for event in recording.events if isinstance(event, Progress)]
    assert len(told) == 50 + 2


@pytest.mark.parametrize(
    ("error", "expected"),
    [("retryable", Retryable), ("permanent", Permanent), ("crash", RuntimeError)],
)
async def test_a_step_fails_as_often_as_its_script_says(
    error: Literal["retryable", "permanent", "crash"], expected: type[Exception]
) -> None:
    engine = ScriptedEngine(Script(fail={"iterate": Failure(times=2, error=error)}))
    for _ in range(2):
        with pytest.raises(expected):
            await record(engine, "iterate", INPUTS["iterate"])

    recording = await record(engine, "iterate", INPUTS["iterate"])

    assert isinstance(recording.ending, Done)


async def test_a_step_asks_once_and_goes_on_with_its_state() -> None:
    engine = ScriptedEngine(Script(approval=("finalise",)))
    asked = (await record(engine, "finalise", INPUTS["finalise"])).ending
    assert isinstance(asked, ApprovalNeeded)

    context = StepContext(run_id="r", step="f", input=INPUTS["finalise"], state=asked.state)
    decisions = {asked.calls[0].call_id: Decision(decision="approve")}
    events = [event async for event in engine.step("finalise", context, Flag(), decisions)]

    assert isinstance(events[-1], Done)


async def test_a_slow_script_is_cancelled_at_once() -> None:
    flag = Flag()
    step = asyncio.create_task(
        record(ScriptedEngine(Script(delay=60)), "propose", INPUTS["propose"], flag=flag)
    )
    await asyncio.sleep(0.05)

    flag.on, start = True, time.monotonic()
    with pytest.raises(Cancelled):
        await step
    assert time.monotonic() - start < 0.5


def test_a_script_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"delay": 0.5, "fail": {"iterate": {"times": 3}}, "approval": ["propose"]}'
    monkeypatch.setenv("CAIRN_SCRIPT", text)

    script = build().script

    assert script.delay == 0.5
    assert script.fail == {"iterate": Failure(times=3)}
    assert script.approval == ("propose",)


@pytest.mark.parametrize("text", ["{", "[]", '{"speed": 1}', '{"delta_size": 0}', '{"delay": "x"}'])
def test_a_script_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Permanent) as raised:
        Script.from_json(text)

    assert raised.value.code == "bad_script"
