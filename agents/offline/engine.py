"""The offline planner and data agent as an engine."""

from collections.abc import Iterator

from agents.adapters import AdaptedEngine, Call, from_generator
from agents.base import AgentEvent
from agents.data.profiling import initialise_with
from agents.offline.answering.reply import reply
from agents.offline.answering.suggestions import suggest
from agents.offline.finalising import finalise
from agents.offline.iterating import iterate
from agents.offline.proposing import propose
from agents.offline.strategising.stepping import strategise
from agents.offline.summarising import summarise
from agents.offline.workflows import workflow


def initialise(call: Call) -> Iterator[AgentEvent]:
    """Profile a data set, with questions about it that `reply` is sure to answer."""
    yield from initialise_with(call, suggest)


def build() -> AdaptedEngine:
    """Return the engine; it keeps nothing between steps, so one serves all runs."""
    return AdaptedEngine(
        "offline",
        {
            "propose": from_generator(propose),
            "iterate": from_generator(iterate),
            "summarise": from_generator(summarise),
            "finalise": from_generator(finalise),
            "initialise": from_generator(initialise),
            "reply": from_generator(reply),
            "workflow": from_generator(workflow),
            "strategy": from_generator(strategise),
        },
        capabilities=frozenset({"deterministic"}),
    )
