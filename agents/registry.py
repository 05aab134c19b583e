"""An engine by its name.

Engines are imported when they are first asked for: a program that never uses one does not pay
for it. A factory is called for each `engine()` call and may return the same object each time.

Engines that ask a language model are called `pydantic-ai` and `pydantic-ai:<model>`; there are as
many of them as `agents.models.settings` allows.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module

from agents.base import Engine
from agents.exceptions import Permanent
from agents.models import settings as models

Factory = Callable[[], Engine]

BUILT_IN = {
    "offline": "agents.offline.engine:build",
    "scripted": "agents.scripted:build",
}
MODELS = "agents.models.engine:build"
HIDDEN = "scripted"  # for tests and demonstrations: taken by its name, and not offered
_registered: dict[str, Factory] = {}


def engine(name: str) -> Engine:
    """Return the engine called `name`; raise Permanent, naming the known ones, if there is none."""
    factory = _registered.get(name)
    if factory is None and name in BUILT_IN:
        factory = _import(BUILT_IN[name])
    if factory is None and _is_model(name):
        models.check(name)
        factory = partial(_import(MODELS), name)
    if factory is None:
        message = f"There is no engine called {name!r}. Choose one of: {', '.join(names())}."
        raise Permanent(message, code="unknown_engine")
    return factory()


def check(name: str) -> None:
    """Raise Permanent if there is no engine of that name, or none that is allowed.

    An engine that is built in is not imported.
    """
    if name not in names():
        engine(name)


def register(name: str, factory: Factory) -> None:
    """Make `factory` the source of the engine called `name`, also in place of a built-in one.

    Raises ValueError if the name is longer than what callers keep.
    """
    if len(name) > models.LONGEST_NAME:
        raise ValueError(f"{name!r} is too long: an engine's name has up to 40 characters.")
    _registered[name] = factory


def unregister(name: str) -> None:
    """Take back what `register` did; a built-in engine of that name is itself again."""
    _registered.pop(name, None)


def names() -> tuple[str, ...]:
    """Return the names `engine` knows, in alphabetical order."""
    return tuple(sorted({*BUILT_IN, *models.names(), *_registered}))


def choices(default: str) -> list[tuple[str, str]]:
    """Return what people may choose from, as pairs of a name and words; the default comes first."""
    offered = [name for name in names() if name != HIDDEN or name == default]
    return [(name, label(name)) for name in sorted(offered, key=lambda name: name != default)]


def label(name: str) -> str:
    """Return an engine's name in words, also that of one which is not there any more."""
    if name == "offline":
        return "Offline engine (no language model)"
    if not _is_model(name):
        return name
    chosen = name.partition(":")[2] or models.current().model
    return f"Language model {chosen}".strip()


def refusal(name: str) -> str:
    """Return why an engine cannot be chosen, and those that can; nothing if it can."""
    return "" if name in names() else f"engine must be one of: {', '.join(names())}."


def _is_model(name: str) -> bool:
    return name.partition(":")[0] == models.ENGINE


def _import(place: str) -> Callable[..., Engine]:
    module, _, attribute = place.partition(":")
    factory: Callable[..., Engine] = getattr(import_module(module), attribute)
    return factory
