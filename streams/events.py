"""Events: one class for each fact, checked when it is written.

The canonical form of an event, as it is stored and sent:

    {"event": "status", "type": "iteration_started", "position": 42, "run_id": "...",
     "timestamp": "2026-11-21T09:36:00.123Z", "data": {"iteration": 1, "max": 4}}

`event` is one of six envelopes, for clients that know no types. `data` holds the fields of the
class. A field may be added with a default; once released, none is renamed or removed.
"""

import json
import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticSerializationError

KNOWN: "dict[str, type[Event]]" = {}  # every event class by its type
_BROKEN = re.compile("[\x00\ud800-\udfff]")
Percent = Annotated[float, Field(ge=0, le=100)]


class Envelope(StrEnum):
    PROGRESS = "progress"
    COMPLETE = "complete"
    ERROR = "error"
    EDUCATIONAL = "educational"
    STATUS = "status"
    RESULT = "result"


class Event(BaseModel):
    """A fact. Subclasses set `type` and `envelope` and declare the fields of `data`.

    `is_final` marks the one event that ends a run. `is_lifecycle` marks what the run engine
    tells of the run itself, which the work inside a step never writes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str] = ""
    envelope: ClassVar[Envelope] = Envelope.STATUS
    is_final: ClassVar[bool] = False
    is_lifecycle: ClassVar[bool] = False
    # Fields that differ when the same work is done again, such as how long it took.
    measured: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not cls.type:
            return
        if KNOWN.setdefault(cls.type, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"Two event classes have the type {cls.type!r}.")
        if cls.type == "error":
            raise TypeError("'error' is a browser's own event name; choose another type.")

    def data_json(self) -> str:
        """Return `data` as JSON text without fields that are None."""
        try:
            return self.model_dump_json(exclude_none=True)
        except PydanticSerializationError:
            data = self.model_dump(mode="json", exclude_none=True)
            return storable(json.dumps(data, separators=(",", ":"), ensure_ascii=False))


class ContentEvent(Event):
    """An event that brings text. The text is stored once, as a chunk of a message.

    In the log the event carries the message and the chunk's number; readers of the inline
    profile get the text as `data.content`, readers of the signal profile pull it.
    """

    message_id: UUID
    sequence: int = Field(ge=1, default=1)
    completed: bool = True
    content: str = Field(exclude=True)


class ContentDelta(ContentEvent):
    """A further piece of a message's text. `message_completed` says when there is no more."""

    type: ClassVar[str] = "content_delta"
    envelope: ClassVar[Envelope] = Envelope.PROGRESS

    completed: bool = False


def storable(text: str) -> str:
    """Return text that every database and reader takes.

    NUL and halves of surrogate pairs, which a model may send between two tokens, are replaced.
    """
    return _BROKEN.sub("\ufffd", text)


def iso(moment: datetime) -> str:
    """Return UTC with milliseconds and a Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def body(
    event: Event,
    *,
    position: int,
    timestamp: str,
    run_id: UUID | None = None,
    session_id: UUID | None = None,
) -> str:
    """Return the canonical JSON text; `data` comes last, so that text can be added to it.

    `timestamp` is as `iso` gives it. What stands before `data` needs no escapes.
    """
    head = f'"event":"{event.envelope.value}","type":"{event.type}","position":{position}'
    if run_id is not None:
        head += f',"run_id":"{run_id}"'
    if session_id is not None:
        head += f',"session_id":"{session_id}"'
    head += f',"timestamp":"{timestamp}"'
    if event.is_final:
        head += ',"final":true'
    return f'{{{head},"data":{event.data_json()}}}'
