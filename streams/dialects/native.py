"""The native dialect: every event in its canonical form."""

import json
from typing import Any

from streams import profiles
from streams.dialects.base import Dialect, Frame, Row
from streams.profiles import Mode


def _row(row: Row, mode: Mode) -> list[Frame]:
    return [Frame(profiles.text(row, mode))]


def _named(row: Row, mode: Mode) -> list[Frame]:
    return [Frame(profiles.text(row, mode), row.type)]


def _control(type_: str, data: dict[str, Any], moment: str) -> list[Frame]:
    message = {"event": "status", "type": type_, "timestamp": moment, "data": data}
    return [Frame(json.dumps(message, separators=(",", ":"), ensure_ascii=False))]


def _named_control(type_: str, data: dict[str, Any], moment: str) -> list[Frame]:
    return [Frame(frame.data, type_) for frame in _control(type_, data, moment)]


NATIVE = Dialect(name="native", row=_row, control=_control, has_pages=True)
NAMED = Dialect(name="named", row=_named, control=_named_control, has_pages=True)
