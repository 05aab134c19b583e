"""One step of a strategy: the context, a step that applies frameworks, or the document."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.offline.iterating import iterate
from agents.offline.strategising import document, reading
from agents.offline.strategising.shared import applying, as_iterations, proposal_of
from agents.offline.writing import count
from agents.plans import IterateInput, IterationResult
from agents.strategies import StrategyInput, StrategyStepResult
from agents.strategy_guides import GUIDES

# What these quote is not used up by it: a later step may need the same sentence in its own place.
FREE = ("context", "insights")


def strategise(call: Call) -> Iterator[AgentEvent]:
    """Do the step that the input names."""
    ask = StrategyInput.model_validate(call.input)
    if ask.step == "context":
        yield from reading.read(ask, call)
    elif ask.step == "document":
        yield from document.write(ask, call)
    else:
        yield from _apply(ask, call)


def _apply(ask: StrategyInput, call: Call) -> Iterator[AgentEvent]:
    """Apply the step's frameworks, as an iteration of a plan applies its own."""
    inner = replace(call, input=as_iteration(ask).model_dump(mode="json"))
    for event in iterate(inner):
        if isinstance(event, Done):
            result = as_result(ask, IterationResult.model_validate(event.result))
            yield Progress(percent=100, message=result.achievement, agent="generator")
            yield Done(result=result.model_dump(mode="json"), usage=event.usage)
        elif not (isinstance(event, Progress) and event.percent >= 100):  # ours says more
            yield event


def as_iteration(ask: StrategyInput) -> IterateInput:
    """Return the input of an iteration that does what a step with frameworks does."""
    names = [guide.name for guide in applying()]
    earlier = as_iterations(one for one in ask.earlier if one.step not in FREE)
    return IterateInput(
        goal=ask.goal,
        number=names.index(ask.step) + 1,
        max_iterations=len(names),
        proposal=proposal_of(ask),
        documents=ask.documents,
        # Without their gaps, which would be looked at again in a step about something else.
        earlier=tuple(one.model_copy(update={"gaps": ()}) for one in earlier),
    )


def as_result(ask: StrategyInput, found: IterationResult) -> StrategyStepResult:
    """Return what such an iteration found as the result of the step."""
    return StrategyStepResult(
        step=ask.step,
        achievement=_achievement(GUIDES[ask.step].frameworks, found),
        frameworks=found.frameworks,
        findings=found.findings,
        data_points=found.data_points,
        insights=found.insights,
        gaps=found.gaps,
    )


def _achievement(frameworks: Sequence[str], found: IterationResult) -> str:
    filled = len({(one.framework, one.cell) for one in found.findings})
    cells = filled + len({(one.framework, one.cell) for one in found.gaps})
    names = " and ".join(frameworks)
    if not found.findings:
        return (
            f"{names}: nothing new in the documents, so {count(len(found.gaps), 'task')} instead."
        )
    return (
        f"{names}: evidence for {filled} of {cells} questions, "
        f"{count(len(found.findings), 'cited finding')}, {count(len(found.data_points), 'figure')}."
    )
