"""The CHAT setting as one checked object."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

LONGEST_MESSAGE = 20_000
LONGEST_METADATA = 2_000  # characters of JSON
LONGEST_PARAMETERS = 10_000  # characters of JSON
LONGEST_TITLE = 200
MOST_FILES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    engine: str = "offline"
    data_folder: Path = Path("var/data")  # data sets as Parquet, one folder for each content
    workspace_folder: Path = Path("var/workspaces")  # one folder a session: what tools write
    deadline_seconds: int = 3600  # what a person has to answer a question or a tool call
    most_rounds: int = 8  # how often a reply may ask for tools before it is stopped
    task_seconds: int = 300  # how long an ended task stays known to the insight dialect
    history_turns: int = 20  # earlier turns that a reply is given

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, int) and value < 1:
                raise ValueError(f"CHAT[{name.upper()!r}] must be 1 or more.")


@cache
def chat_settings() -> ChatSettings:
    """Return the project's CHAT setting; a wrong name or value raises."""
    overrides: dict[str, Any] = getattr(settings, "CHAT", {})
    return ChatSettings(**{key.lower(): value for key, value in overrides.items()})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "CHAT":
        chat_settings.cache_clear()


def connect() -> None:
    setting_changed.connect(_forget, dispatch_uid="chat.conf")
