"""What the scripted engine tells and finds in each step of a strategy."""

from collections.abc import Iterator, Mapping
from typing import Any

from agents.base import AgentEvent, Card, Done, Metric, Progress
from agents.plans import Citation, DataPoint, Finding, Gap
from agents.scripted_results import DOCUMENT
from agents.strategies import Strategy, StrategyInput, StrategyStepResult
from agents.strategy_guides import GUIDES, number_of

PROMPT_SHOWN = 200


def events(given: Mapping[str, Any], parts: int) -> Iterator[AgentEvent]:
    """Yield what a step tells after its first progress, in so many parts, and its end."""
    ask = StrategyInput.model_validate(given)
    result = _result(ask)
    title = GUIDES[ask.step].title
    for number in range(parts):
        percent = round(99 * (number + 1) / parts, 2)
        message = f"{title}: part {number + 1} of {parts}."
        card = _card(ask) if number == 0 else None
        yield Progress(percent=percent, message=message, agent="executor", card=card)
    for name, found in (("data_points", result.data_points), ("gaps", result.gaps)):
        if found:
            yield Metric(name=name, value=len(found))
    yield Progress(percent=100, message=result.achievement, agent="generator")
    yield Done(result=result.model_dump(mode="json"), usage={"events": parts})


def _card(ask: StrategyInput) -> Card:
    goal = " ".join(ask.goal.split())
    return Card(
        title=f"{GUIDES[ask.step].title}: as the script does it",
        description="A script asks no model; this is what it would ask one.",
        insight="A script always says the same.",
        prompt_preview=f"Work on {GUIDES[ask.step].title.lower()} for: {goal}"[:PROMPT_SHOWN],
    )


def _result(ask: StrategyInput) -> StrategyStepResult:
    if ask.step == "document":
        strategy = _strategy(ask)
        achievement = f"The strategy has {strategy.data_points} figures."
        return StrategyStepResult(step=ask.step, achievement=achievement, strategy=strategy)
    number = number_of(ask.step)
    quote = f"In part {number} of the script the share is {number}1%."
    cited = Citation(document=DOCUMENT, sentence=number, quote=quote)
    frameworks = GUIDES[ask.step].frameworks
    point = DataPoint(
        kind="percent",
        label=f"share {number}",
        text=f"{number}1%",
        value=number * 10 + 1,
        unit="%",
        citation=cited,
    )
    return StrategyStepResult(
        step=ask.step,
        achievement=f"Part {number} of the script was read.",
        frameworks=frameworks,
        findings=tuple(
            Finding(framework=name, cell="first", text=quote, citations=(cited,))
            for name in frameworks
        ),
        data_points=(point,),
        insights=(f"Part {number} has one figure.",),
        gaps=tuple(
            Gap(framework=name, cell="second", task=f"Find evidence for {name}.")
            for name in frameworks[-1:]
        ),
    )


def _strategy(ask: StrategyInput) -> Strategy:
    goal = " ".join(ask.goal.split())
    lines = [f"# Strategy: {goal[:80]}", ""]
    for one in ask.earlier:
        lines += [f"## {GUIDES[one.step].title}", ""]
        for point in one.data_points:
            source = f"[{point.citation.document}#{point.citation.sentence}]"
            lines.append(f"- {point.label}: {point.text} {source}")
        lines.append("")
    if ask.missing:
        lines += ["## What is missing", ""]
        lines += [f"- {GUIDES[one.step].title}: {one.reason}" for one in ask.missing]
    return Strategy(
        title=f"Strategy: {goal[:80] or 'no goal'}",
        markdown="\n".join(lines),
        frameworks=tuple(dict.fromkeys(name for one in ask.earlier for name in one.frameworks)),
        findings=sum(len(one.findings) for one in ask.earlier),
        data_points=sum(len(one.data_points) for one in ask.earlier),
        gaps=sum(len(one.gaps) for one in ask.earlier),
    )
