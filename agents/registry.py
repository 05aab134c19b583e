"""An engine by its name.

Engines are imported when they are first asked for: a program that never uses one does not pay
for it. A factory is called for each `engine()` call and may return the same object each time.
"""

from collections.abc import Callable
from importlib import import_module

from agents.base import Engine
from agents.exceptions import Permanent

Factory = Callable[[], Engine]

BUILT_IN = {
    "offline": "agents.offline.engine:build",
    "scripted": "agents.scripted:build",
}
_registered: dict[str, Factory] = {}


def engine(name: str) -> Engine:
    """Return the engine called `name`; raise Permanent, naming the known ones, if there is none."""
    factory = _registered.get(name)
    if factory is None and name in BUILT_IN:
        factory = _import(BUILT_IN[name])
    if factory is None:
        message = f"There is no engine called {name!r}. Choose one of: {', '.join(names())}."
        raise Permanent(message, code="unknown_engine")
    return factory()


def check(name: str) -> None:
    """Raise Permanent if there is no engine of that name; a built-in one is not imported."""
    if name not in names():
        engine(name)


def register(name: str, factory: Factory) -> None:
    """Make `factory` the source of the engine called `name`, also in place of a built-in one."""
    _registered[name] = factory


def unregister(name: str) -> None:
    """Take back what `register` did; a built-in engine of that name is itself again."""
    _registered.pop(name, None)


def names() -> tuple[str, ...]:
    """Return the names `engine` knows, in alphabetical order."""
    return tuple(sorted({*BUILT_IN, *_registered}))


def _import(place: str) -> Factory:
    module, _, attribute = place.partition(":")
    factory: Factory = getattr(import_module(module), attribute)
    return factory
