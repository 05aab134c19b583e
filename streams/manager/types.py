"""What is sent to a client, and what is known of its connection."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from streams.events import Percent, iso

EventName = Literal["progress", "complete", "error", "educational", "status"]


def _now() -> str:
    return iso(timezone.now())


class SSEData(BaseModel):
    """What a message says. Only the time is always there; members of your own are welcome."""

    model_config = ConfigDict(frozen=True, extra="allow")

    step: int | None = None
    progress: Percent | None = None
    message: str | None = None
    educational_content: dict[str, Any] | None = None
    error: str | None = None
    timestamp: str = Field(
        default_factory=_now, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
    )


class SSEMessage(BaseModel):
    """One message in the standard envelope."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: EventName
    data: SSEData = Field(default_factory=SSEData)


class ConnectionState(StrEnum):
    UNKNOWN = "unknown"  # nobody connected under this id
    OPEN = "open"
    AWAY = "away"  # it was connected; what is sent meanwhile is kept for it
    CLOSED = "closed"  # for good


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """`connections`, `opened_at` and `delivered` are of this process; the rest is in the log."""

    client_id: str
    state: ConnectionState
    connections: int = 0
    opened_at: datetime | None = None  # of the oldest connection that is open
    position: int = 0  # of the last message sent
    delivered: int = 0  # position up to which every open connection has been written
    reason: str = ""  # why it was closed
