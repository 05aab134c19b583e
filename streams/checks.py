"""System checks: what in a project's settings would break live streams."""

import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.module_loading import import_string

from streams import database
from streams.conf import stream_settings


def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    try:
        stream_settings()
    except (TypeError, ValueError) as error:
        return [Error(f"The STREAMS setting is wrong: {error}", id="streams.E001")]
    return []


def check_middleware(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for path in settings.MIDDLEWARE:
        if path.endswith("GZipMiddleware"):
            found.append(
                Warning(
                    f"{path} compresses streams unless each response forbids it.",
                    hint="Let the proxy compress, for other types than text/event-stream.",
                    id="streams.W001",
                )
            )
        middleware = import_string(path)
        if not getattr(middleware, "async_capable", False):
            found.append(
                Warning(
                    f"{path} is synchronous: every request borrows a thread to pass it.",
                    hint="Use a middleware with async_capable = True, or drop it.",
                    id="streams.W002",
                )
            )
    return found


def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """For `check --database default`: whether this installation could work with its database."""
    is_mended = sys.argv[1:2] == ["migrate"]  # which runs this check before it
    if not databases or "default" not in databases or is_mended:
        return []
    trouble, __, said = database.trouble().partition("\n")
    return [Error(trouble, hint=said or None, id="streams.E002")] if trouble else []


def connect() -> None:
    register(check_settings)
    register(check_middleware)
    register(check_database, Tags.database)
