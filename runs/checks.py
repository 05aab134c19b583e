"""System checks for the RUNS setting, and for those of the products above."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import connection

from agents import registry
from agents.exceptions import Permanent
from runs.conf import run_settings


def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    try:
        chosen = run_settings().runner
    except (TypeError, ValueError) as error:
        return [Error(f"The RUNS setting is wrong: {error}", id="runs.E001")]
    if chosen == "distributed" and connection.vendor != "postgresql":
        hint = "Set DATABASE_URL to a PostgreSQL database, or CAIRN_RUNNER to embedded."
        return [Error("Separate workers need PostgreSQL.", hint=hint, id="runs.E002")]
    return []


def product_check(
    setting: str, label: str, engine: Callable[[], str]
) -> Callable[..., list[CheckMessage]]:
    """Return a system check for a product's setting: it can be read, and its engine exists."""

    def check(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
        try:
            name = engine()
        except (TypeError, ValueError) as error:
            return [Error(f"The {setting} setting is wrong: {error}", id=f"{label}.E001")]
        try:
            registry.check(name)
        except Permanent as error:
            return [Error(f"{setting}['ENGINE']: {error}", id=f"{label}.E002")]
        return []

    return check


def connect() -> None:
    register(check_settings)
