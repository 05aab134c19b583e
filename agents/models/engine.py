"""A language model as an engine: `pydantic-ai`, or `pydantic-ai:<model>` for an allowed one.

Making it imports nothing of pydantic-ai; the first step does, off the event loop.
"""

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from agents import registry
from agents.adapters import AdaptedEngine, Call, Put, Source, from_engine
from agents.base import StepKind
from agents.exceptions import AgentError, Permanent
from agents.models import fallback, settings
from agents.models.bench import Bench
from agents.models.fallback import Heard
from agents.models.settings import ModelSettings

if TYPE_CHECKING:
    from pydantic_ai.models import Model  # named only: importing it takes a second

# Where each kind of step is done.
STEPS: dict[StepKind, str] = {
    "initialise": "agents.models.initialising:initialise",
    "reply": "agents.models.replying:reply",
    "propose": "agents.models.proposing:propose",
    "iterate": "agents.models.iterating:iterate",
    "summarise": "agents.models.writing:summarise",
    "finalise": "agents.models.writing:finalise",
    "strategy": "agents.models.strategising:strategise",
}
# A workflow is a form and a computation: there is nothing in it that a model would decide.
DELEGATED: tuple[StepKind, ...] = ("workflow",)


class Client(Protocol):
    def __call__(self, model: str, settings: ModelSettings) -> "Model": ...


def build(name: str = settings.ENGINE) -> AdaptedEngine:
    """Return the engine of that name for the current settings; raise Permanent if there is none."""
    return made(settings.check(name), settings.current(), name=name)


def made(
    model: str, given: ModelSettings, *, client: Client | None = None, name: str = settings.ENGINE
) -> AdaptedEngine:
    """Return an engine for a model; `client` makes its client in another way than by its name."""
    bench = Bench(
        engine=name,
        model=model,
        settings=given,
        client=client or _client,
        offline=partial(registry.engine, "offline"),
    )
    steps: dict[StepKind, Source] = {kind: partial(_step, bench) for kind in STEPS}
    steps |= dict.fromkeys(DELEGATED, from_engine(bench.offline))
    return AdaptedEngine(name, steps)


async def _step(bench: Bench, call: Call, put: Put) -> None:
    if fallback.is_standing_in(call):
        await fallback.go_on(bench, call, put)
        return
    heard = Heard(put)
    try:
        step = await asyncio.to_thread(_imported, STEPS[call.kind])
        await step(bench, call, heard.put)
    except AgentError as error:
        if not fallback.may_stand_in(bench, call, error, heard):
            raise
        await fallback.stand_in(bench, call, heard, error)


class Step(Protocol):
    async def __call__(self, bench: Bench, call: Call, put: Put) -> None: ...


def _imported(place: str) -> Step:
    module, _, name = place.partition(":")
    try:
        step: Step = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        message = "Language models need more packages: pip install -r requirements.txt."
        raise Permanent(message, code="engine_not_configured") from error
    return step


def _client(model: str, given: ModelSettings) -> "Model":
    made: Model = import_module("agents.models.clients").client(model, given)
    return made
