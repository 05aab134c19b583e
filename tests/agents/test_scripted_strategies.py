import pytest

from agents.base import Done, Progress, StepContext
from agents.contract import Flag, record
from agents.exceptions import Permanent
from agents.scripted import Failure, Script, ScriptedEngine
from agents.strategies import Missing, StrategyInput, StrategyStepResult


def given(step, **more):
    asked = StrategyInput(goal="Open a second bakery", step=step, **more)
    return asked.model_dump(mode="json")


async def run(engine, name, **more):
    context = StepContext(run_id="r", step=name, input=given(name, **more))
    return [event async for event in engine.step("strategy", context, Flag())]


async def test_a_step_has_a_prompt_to_preview_and_as_many_parts_as_asked_for() -> None:
    """Row 3-13."""
    events = await run(ScriptedEngine(Script(events_per_iteration=3)), "risks")

    told = [event for event in events if isinstance(event, Progress)]
    assert len(told) == 3 + 2
    cards = [event.card for event in told if event.card]
    assert [card.prompt_preview for card in cards] == [
        "Work on assessing the risks for: Open a second bakery"
    ]


async def test_the_last_step_writes_what_the_others_found_and_what_is_missing() -> None:
    earlier = StrategyStepResult.model_validate(
        (await record(ScriptedEngine(), "strategy", given("risks"))).result
    )
    missing = Missing(step="competition", reason="The model is gone.")

    events = await run(ScriptedEngine(), "document", earlier=(earlier,), missing=(missing,))

    assert isinstance(events[-1], Done)
    strategy = StrategyStepResult.model_validate(events[-1].result).strategy
    assert strategy is not None
    assert strategy.data_points == 1
    assert "- Analyzing the competition: The model is gone." in strategy.markdown


async def test_one_step_can_fail_while_the_others_do_not() -> None:
    """Row 3-4."""
    script = Script(fail={"competition": Failure(times=9, error="permanent")})

    with pytest.raises(Permanent):
        await run(ScriptedEngine(script), "competition")
    assert isinstance((await run(ScriptedEngine(script), "risks"))[-1], Done)


async def test_one_step_can_be_slow_while_the_others_are_not() -> None:
    waited: list[float] = []

    class Patient(ScriptedEngine):
        async def _pause(self, seconds, cancel):
            waited.append(seconds)

    engine = Patient(Script.from_json('{"delay": 0.5, "slow": {"risks": 60}}'))
    await run(engine, "risks")
    await run(engine, "roadmap")

    assert set(waited[:3]) == {60}
    assert set(waited[-3:]) == {0.5}


@pytest.mark.parametrize("text", ['{"slow": {"risks": -1}}', '{"slow": 3}'])
def test_a_slowness_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Permanent):
        Script.from_json(text)
