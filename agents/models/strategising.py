"""The `strategy` steps: what a framework makes of the evidence, and the document, are a model's.

A step that applies frameworks is done as an iteration of a plan is, the document as a final plan
is, with the same checks. Reading the context is quoting, which the offline engine does.
"""

from dataclasses import replace

from agents.adapters import Call, Put, from_engine
from agents.base import AgentEvent, Delta, Done, Progress
from agents.models.bench import Bench
from agents.models.iterating import iterate
from agents.models.writing import finalise
from agents.offline.strategising import document, stepping
from agents.offline.writing import deltas
from agents.plans import FinalPlan, IterationResult
from agents.strategies import Strategy, StrategyInput, StrategyStepResult


async def strategise(bench: Bench, call: Call, put: Put) -> None:
    """Do the step that the input names."""
    ask = StrategyInput.model_validate(call.input)
    if ask.step == "context":
        await from_engine(bench.offline)(call, put)
    elif ask.step == "document":
        await _write(bench, ask, call, put)
    else:
        await _apply(bench, ask, call, put)


async def _apply(bench: Bench, ask: StrategyInput, call: Call, put: Put) -> None:
    given = stepping.as_iteration(ask).model_dump(mode="json")

    async def told(event: AgentEvent) -> None:
        if isinstance(event, Done):
            result = stepping.as_result(ask, IterationResult.model_validate(event.result))
            event = replace(event, result=result.model_dump(mode="json"))
        await put(event)

    await iterate(bench, replace(call, kind="iterate", input=given), told)


async def _write(bench: Bench, ask: StrategyInput, call: Call, put: Put) -> None:
    whole = document.Whole(ask)
    missing = "\n".join(document.missing(whole))

    async def told(event: AgentEvent) -> None:
        if isinstance(event, Delta):
            return  # what is missing is put into the text first
        if isinstance(event, Progress) and event.percent >= 100:
            return
        if isinstance(event, Done):
            plan = FinalPlan.model_validate(event.result)
            text = f"{plan.markdown}\n{missing}" if missing else plan.markdown
            event = replace(event, result=_result(ask, whole, plan, text))
            for delta in deltas(text):
                await put(delta)
            await put(Progress(percent=100, message="The strategy is written.", agent="generator"))
        await put(event)

    given = whole.view.ask.model_dump(mode="json")
    await finalise(bench, replace(call, kind="finalise", input=given), told)


def _result(
    ask: StrategyInput, whole: document.Whole, plan: FinalPlan, text: str
) -> dict[str, object]:
    strategy = Strategy(title=plan.title, markdown=text, **document.counts(whole))
    result = StrategyStepResult(
        step=ask.step, achievement=document.achievement(strategy), strategy=strategy
    )
    return result.model_dump(mode="json")
