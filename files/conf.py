"""The FILES setting as one checked object."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    max_upload_bytes: int = 512 * MEBIBYTE  # of one file; a taker may take less
    max_bytes_per_user: int = 2048 * MEBIBYTE

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 1:
                raise ValueError(f"FILES[{name.upper()!r}] must be more than 0.")


@cache
def file_settings() -> FileSettings:
    """Return the project's FILES setting; a wrong name or value raises."""
    overrides: dict[str, Any] = getattr(settings, "FILES", {})
    return FileSettings(**{key.lower(): value for key, value in overrides.items()})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "FILES":
        file_settings.cache_clear()


def connect() -> None:
    setting_changed.connect(_forget, dispatch_uid="files.conf")
