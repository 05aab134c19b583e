"""System checks for the FILES setting."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from files.conf import file_settings


def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    try:
        file_settings()
    except (TypeError, ValueError) as error:
        return [Error(f"The FILES setting is wrong: {error}", id="files.E001")]
    return []


def connect() -> None:
    register(check_settings)
