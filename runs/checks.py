"""System checks for the RUNS setting."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from runs.conf import run_settings


def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    try:
        run_settings()
    except (TypeError, ValueError) as error:
        return [Error(f"The RUNS setting is wrong: {error}", id="runs.E001")]
    return []


def connect() -> None:
    register(check_settings)
