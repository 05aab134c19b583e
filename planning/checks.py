"""System checks for the PLANNING setting."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from agents import registry
from agents.exceptions import Permanent
from planning.conf import planning_settings


def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    try:
        engine = planning_settings().engine
    except (TypeError, ValueError) as error:
        return [Error(f"The PLANNING setting is wrong: {error}", id="planning.E001")]
    if engine not in registry.names():
        try:
            registry.engine(engine)
        except Permanent as error:
            return [Error(f"PLANNING['ENGINE']: {error}", id="planning.E002")]
    return []


def connect() -> None:
    register(check_settings)
