"""Messages in and out of the standard envelope: checked on the way in, the same on every wire."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from streams.events import Event
from streams.manager.events import BY_NAME
from streams.manager.types import SSEMessage


class InvalidMessage(ValueError):
    """A message was refused; `fields` maps each wrong member to what is wrong with it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in fields.items()))
        self.fields = fields


def parse(value: SSEMessage | Mapping[str, Any] | str | bytes) -> SSEMessage:
    """Return a message from its JSON text, or from a mapping of the same shape.

    Raises `InvalidMessage`.
    """
    try:
        if isinstance(value, SSEMessage):
            return value
        if isinstance(value, str | bytes):
            return SSEMessage.model_validate_json(value)
        return SSEMessage.model_validate(value)
    except ValidationError as error:
        # Without what was sent: an error's text ends up in logs.
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        fields = {".".join(map(str, one["loc"])) or "message": one["msg"] for one in problems}
        raise InvalidMessage(fields) from None


def to_event(message: SSEMessage) -> Event:
    """Return the fact that the log keeps of a message."""
    return BY_NAME[message.event](**message.data.model_dump(exclude_none=True))
