"""The PLANNING setting as one checked object."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

MOST_ITERATIONS = 20
LONGEST_INTERVAL = 10
LONGEST_GOAL = 10_000
MOST_DOCUMENTS = 50
LONGEST_DEADLINE = 90 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningSettings:
    engine: str = "offline"
    deadline_seconds: int = 3600  # what a person has to decide, unless the plan says otherwise
    on_expiry: str = "expire"
    max_upload_bytes: int = 20 * 1024 * 1024  # of a file to read as a document
    strategy_poll_seconds: float = 10.0  # what a client that polls a strategy is asked to wait

    def __post_init__(self) -> None:
        if not 1 <= self.deadline_seconds <= LONGEST_DEADLINE:
            raise ValueError("PLANNING['DEADLINE_SECONDS'] must be from 1 to 7776000 (90 days).")
        if self.strategy_poll_seconds <= 0:
            raise ValueError("PLANNING['STRATEGY_POLL_SECONDS'] must be more than 0.")
        if self.on_expiry not in ("expire", "reject", "approve"):
            raise ValueError("PLANNING['ON_EXPIRY'] must be expire, reject or approve.")


@cache
def planning_settings() -> PlanningSettings:
    """Return the project's PLANNING setting; a wrong name or value raises."""
    overrides: dict[str, Any] = getattr(settings, "PLANNING", {})
    return PlanningSettings(**{key.lower(): value for key, value in overrides.items()})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "PLANNING":
        planning_settings.cache_clear()


def connect() -> None:
    setting_changed.connect(_forget, dispatch_uid="planning.conf")
