"""What a followed log tells."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """A fact of the log, told once and in order.

    `type` says what happened and `data` the rest, see docs/reference/events.md. `is_final`: it
    ends its run. Keep the `position` of the last one you handled; following goes on after it.
    """

    position: int
    type: str
    data: dict[str, Any]
    run_id: str = ""
    session_id: str = ""
    timestamp: str = ""
    is_final: bool = False
    raw: dict[str, Any] = field(default_factory=dict)  # all that was told, as it was told

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Event":
        return cls(
            position=told["position"],
            type=told["type"],
            data=told["data"],
            run_id=told.get("run_id", ""),
            session_id=told.get("session_id", ""),
            timestamp=told.get("timestamp", ""),
            is_final=bool(told.get("final")),
            raw=told,
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """Events that can be told no more: they were cleared away.

    With `is_reset` the server's log is younger than what you saw, as after restoring a backup:
    positions begin again, so forget what you know of this log.
    """

    first: int
    last: int
    is_reset: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state as it is now, instead of events that were cleared away."""

    first: int
    last: int
    state: dict[str, Any]


Told = Event | Gap | Snapshot
