"""What the log holds of messages to clients: one class for each name of the envelope."""

from typing import Any, ClassVar

from pydantic import ConfigDict

from streams.events import Envelope, Event, Percent


class ClientEvent(Event):
    """A message to a client. Members of the sender's own are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow")

    step: int | None = None
    progress: Percent | None = None
    message: str | None = None
    educational_content: dict[str, Any] | None = None
    error: str | None = None
    timestamp: str


class ClientProgress(ClientEvent):
    type: ClassVar[str] = "client_progress"
    envelope: ClassVar[Envelope] = Envelope.PROGRESS


class ClientComplete(ClientEvent):
    """Something is complete. The client stays connected until it is closed."""

    type: ClassVar[str] = "client_complete"
    envelope: ClassVar[Envelope] = Envelope.COMPLETE


class ClientError(ClientEvent):
    type: ClassVar[str] = "client_error"
    envelope: ClassVar[Envelope] = Envelope.ERROR


class ClientEducational(ClientEvent):
    type: ClassVar[str] = "client_educational"
    envelope: ClassVar[Envelope] = Envelope.EDUCATIONAL


class ClientStatus(ClientEvent):
    type: ClassVar[str] = "client_status"


class ClientClosed(Event):
    """The last a client is told: it must not come back."""

    type: ClassVar[str] = "client_closed"
    is_final: ClassVar[bool] = True

    reason: str


BY_NAME: dict[str, type[ClientEvent]] = {
    kind.envelope.value: kind
    for kind in (ClientProgress, ClientComplete, ClientError, ClientEducational, ClientStatus)
}
