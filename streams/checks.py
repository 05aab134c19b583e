"""System checks: what in a project's settings would break live streams."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

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


def connect() -> None:
    register(check_settings)
    register(check_middleware)
