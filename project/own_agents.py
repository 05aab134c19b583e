"""Hand the AGENTS setting down to the registry of engines, and check what can be without an import."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from agents import own, registry
from agents.models import settings as models

TAKEN = frozenset({*registry.BUILT_IN, models.ENGINE})
_names: set[str] = set()  # that this setting has registered


def connect() -> None:
    """Register the agents now, and again whenever the setting is overridden."""
    setting_changed.connect(_again, dispatch_uid="project.own_agents")
    register(check)
    announce(settings.AGENTS)


def announce(agents: Mapping[str, str]) -> None:
    """Make these the agents of a team's own: `module:object` by name. None of it is imported.

    Raises ImproperlyConfigured for a name or place that cannot be one.
    """
    while _names:
        registry.unregister(_names.pop())
    for name, place in agents.items():
        if name in TAKEN:
            raise ImproperlyConfigured(f"AGENTS: {name} is an engine of Cairn; use another name.")
        try:
            own.register(name, place)
        except ValueError as error:
            raise ImproperlyConfigured(f"AGENTS: {error}.") from None
        _names.add(name)


def check(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Return an error for each agent whose module is not there."""
    errors: list[CheckMessage] = []
    for name, place in settings.AGENTS.items():
        module = place.partition(":")[0]
        if not _is_there(module):
            errors.append(
                Error(
                    f"AGENTS[{name!r}]: there is no module {module}.",
                    hint="Install it, or put its folder on PYTHONPATH.",
                    id="project.E001",
                )
            )
    return errors


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _again(*, setting: str, value: Any, **_: object) -> None:
    if setting == "AGENTS":
        announce(value or {})
