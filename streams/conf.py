"""The STREAMS setting as one checked object."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

from streams.profiles import MODES

TRANSPORTS = ("auto", "poll")
OTHERS = ("retain_days", "mode", "transport")  # settings that need not be more than 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    heartbeat_seconds: float = 15.0  # below the idle limit of common proxies, which is 30 to 60 s
    max_connections_per_user: int = 6
    rotate_bytes: int = 4 * 1024 * 1024  # most that a reader which never reads can cost a server
    max_age_seconds: float = (
        3600.0  # a connection is renewed, so that a restart never meets old ones
    )
    retry_milliseconds: int = 1000  # what a browser's own EventSource waits before it reconnects
    batch: int = 200  # events written between two yields to the loop
    page: int = 500  # events read from the database at once
    tail_events: int = 512  # latest events of a watched stream kept in memory
    poll_milliseconds: int = 500  # what a polling client is asked to wait
    retain_days: float = 90.0
    mode: str = "inline"  # or "signal": what a reader gets who chose nothing
    transport: str = "auto"  # or "poll": pages never stream, for networks that let none through
    look_seconds: float = 5.0  # between two looks for growth that no other process told of
    readers: int = 3  # threads, and so database connections, that read for all streams

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if name not in OTHERS and getattr(self, name) <= 0:
                raise ValueError(f"STREAMS[{name.upper()!r}] must be more than 0.")
        if self.mode not in MODES:
            raise ValueError("STREAMS['MODE'] must be 'inline' or 'signal'.")
        if self.transport not in TRANSPORTS:
            raise ValueError("STREAMS['TRANSPORT'] must be 'auto' or 'poll'.")
        if self.retain_days < 0:
            raise ValueError("STREAMS['RETAIN_DAYS'] must be 0 or more.")


@cache
def stream_settings() -> StreamSettings:
    """Return the project's STREAMS setting; a wrong name or value raises."""
    overrides: dict[str, Any] = getattr(settings, "STREAMS", {})
    return StreamSettings(**{key.lower(): value for key, value in overrides.items()})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "STREAMS":
        stream_settings.cache_clear()


def connect() -> None:
    setting_changed.connect(_forget, dispatch_uid="streams.conf")
