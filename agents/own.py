"""A team's own agent as an engine, found by the place where it is: `module:object`.

The object may be a function (`agents.talking`), a pydantic-ai Agent (`agents.models.wrapped`), an
engine (`agents.base`), a mapping of kinds of step to functions, or something that is called
without arguments and returns one of these. What it does not do, the offline engine does: so an
agent that only answers still has its data sets profiled.
"""

import asyncio
import inspect
import logging
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from functools import cached_property
from importlib import import_module
from operator import attrgetter
from typing import Any, get_args

from agents import registry
from agents.adapters import AdaptedEngine, Source, from_engine
from agents.base import (
    NO_DECISIONS,
    AgentEvent,
    CancelFlag,
    Decision,
    Engine,
    StepContext,
    StepKind,
)
from agents.exceptions import AgentError, Permanent
from agents.talking import arity, from_talk

logger = logging.getLogger(__name__)
KINDS: frozenset[StepKind] = frozenset(get_args(StepKind))
PLACE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
NAME = re.compile(r"[A-Za-z][\w.-]{0,39}")  # callers keep the name of an engine


def register(name: str, place: str) -> None:
    """Make the object at `module:object` the engine called `name`; it is imported when it is used.

    Raises ValueError if a name or place cannot be one.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for an agent; use up to 40 letters, digits, _ . -")
    if not PLACE.fullmatch(place):
        raise ValueError(f"{place!r} is no place of an agent; write module:object")
    agent = OwnEngine(name, place)
    registry.register(name, lambda: agent)


def engine_of(name: str, thing: Any) -> AdaptedEngine:
    """Return a team's own object as an engine that does every kind of step.

    Raises Permanent (`bad_engine`) if it is none of what this module takes.
    """
    steps: dict[StepKind, Source] = dict.fromkeys(KINDS, from_engine(_offline))
    return AdaptedEngine(name, steps | _steps(thing))


class OwnEngine:
    """An engine that is imported, off the event loop, when it does its first step."""

    capabilities: frozenset[str] = KINDS

    def __init__(self, name: str, place: str) -> None:
        self.name = name
        self._place = place

    async def step(
        self,
        kind: StepKind,
        ctx: StepContext,
        cancel: CancelFlag,
        decisions: Mapping[str, Decision] = NO_DECISIONS,
    ) -> AsyncIterator[AgentEvent]:
        engine = await asyncio.to_thread(lambda: self._engine)
        steps = engine.step(kind, ctx, cancel, decisions)
        assert isinstance(steps, AsyncGenerator)
        async with aclosing(steps) as events:
            async for event in events:
                yield event

    @cached_property
    def _engine(self) -> AdaptedEngine:
        module, _, attribute = self._place.partition(":")
        try:
            return engine_of(self.name, attrgetter(attribute)(import_module(module)))
        except AgentError:
            raise
        except Exception as error:
            logger.exception("Agent not loaded name=%s place=%s", self.name, self._place)
            # Other errors are of the team's own code, and may hold what is for the log alone.
            said = f": {error}" if isinstance(error, ImportError | AttributeError) else ""
            kind = f"{type(error).__name__}{said}"
            message = f"The agent {self.name} ({self._place}) cannot be loaded: {kind}"
            raise Permanent(message, code="engine_not_configured") from error


def _offline() -> Engine:
    return registry.engine("offline")


def _steps(thing: Any) -> dict[StepKind, Source]:
    """Return the steps that a team's object does itself."""
    if _is_pydantic_ai(thing):
        return {"reply": import_module("agents.models.wrapped").wrapped(thing)}
    if isinstance(thing, Mapping):
        return {kind: _source(kind, one) for kind, one in thing.items()}
    if hasattr(thing, "step") and hasattr(thing, "capabilities") and not isinstance(thing, type):
        return dict.fromkeys(KINDS & thing.capabilities, from_engine(lambda: thing))
    if not callable(thing):
        kind = type(thing).__name__
        message = f"{kind} is no agent; give a function, a pydantic-ai Agent or an engine."
        raise Permanent(message, code="bad_engine")
    return {"reply": from_talk(thing)} if arity(thing) else _steps(thing())


def _source(kind: StepKind, thing: Any) -> Source:
    if kind not in KINDS:
        message = f"{kind!r} is no kind of step; there are {', '.join(sorted(KINDS))}."
        raise Permanent(message, code="bad_engine")
    if kind == "reply":
        return _steps(thing)[kind]
    if not inspect.iscoroutinefunction(thing):
        message = f"Make the step {kind} with a function of agents.adapters, like from_function."
        raise Permanent(message, code="bad_engine")
    source: Source = thing
    return source


def _is_pydantic_ai(thing: Any) -> bool:
    """Whether it is an Agent of pydantic-ai, which its module has imported then; we do not."""
    theirs = sys.modules.get("pydantic_ai.agent")
    return theirs is not None and isinstance(thing, theirs.AbstractAgent)
