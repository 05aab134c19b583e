"""Events of AG-UI that several parts of the dialect write."""

from typing import Any

from streams.dialects.agui_conversation import as_json
from streams.dialects.base import Frame, Row

Data = dict[str, Any]
Event = dict[str, Any]


def frame(event: Event) -> Frame:
    return Frame(as_json(event))


def error(code: str, message: str) -> Event:
    return {"type": "RUN_ERROR", "message": message, "code": code}


def text_start(id_: str) -> Event:
    return {"type": "TEXT_MESSAGE_START", "messageId": id_, "role": "assistant"}


def text_end(id_: str) -> Event:
    return {"type": "TEXT_MESSAGE_END", "messageId": id_}


def custom(row: Row, data: Data) -> Event:
    """Return an event of the log that the protocol has no name for, under its own."""
    value = {**data, "content": row.content or ""} if row.has_content else data
    return {"type": "CUSTOM", "name": row.type, "value": value}


def changes(*changed: tuple[str, Any]) -> Event:
    """Return a JSON Patch of the state: pairs of a path and what is there from now on."""
    operations = [{"op": "add", "path": path, "value": value} for path, value in changed]
    return {"type": "STATE_DELTA", "delta": operations}
