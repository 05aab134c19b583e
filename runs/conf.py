"""The RUNS setting as one checked object."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

POSITIVE = (
    "lease_seconds",
    "sweep_seconds",
    "max_attempts",
    "concurrency",
    "gate_deadline_seconds",
    "tick_seconds",
    "no_progress_seconds",
)
RUNNERS = ("embedded", "distributed", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    lease_seconds: float = 30.0  # how long a dead worker's run stays with it
    sweep_seconds: float = 5.0
    backoff_seconds: float = 1.0  # before the first retry; doubles with each
    backoff_limit_seconds: float = 60.0
    max_attempts: int = 5
    stuck_seconds: float = 5.0  # a queued run that nobody claimed for so long is dispatched again
    concurrency: int = 1000
    gate_deadline_seconds: int = 3600
    tick_seconds: float = 10.0  # of silence before a sign of life
    no_progress_seconds: float = 300.0  # after which people are asked whether to go on waiting
    runner: str = "embedded"  # who works on runs: this process, `manage.py worker`, or nobody here

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if name != "runner" and getattr(self, name) < 0:
                raise ValueError(f"RUNS[{name.upper()!r}] must not be less than 0.")
        for name in POSITIVE:
            if getattr(self, name) == 0:
                raise ValueError(f"RUNS[{name.upper()!r}] must be more than 0.")
        if self.runner not in RUNNERS:
            raise ValueError(f"RUNS['RUNNER'] must be one of {', '.join(RUNNERS)}.")

    @property
    def heartbeat_seconds(self) -> float:
        """Two renewals may fail before a lease is lost."""
        return self.lease_seconds / 3


@cache
def run_settings() -> RunSettings:
    """Return the project's RUNS setting; a wrong name or value raises."""
    overrides: dict[str, Any] = getattr(settings, "RUNS", {})
    return RunSettings(**{key.lower(): value for key, value in overrides.items()})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "RUNS":
        run_settings.cache_clear()


def connect() -> None:
    setting_changed.connect(_forget, dispatch_uid="runs.conf")
