"""Log lines that programs read: one JSON object each, with the fields that a message names.

Messages are written `Lease lost run=%s fence=%s`, so the fields are in the template already, and
no caller has to say them twice. Text of users belongs in no message.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# The request that is being served; empty where there is none, in a worker for instance.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_FIELD = re.compile(r"%%|(?:(\w+)=)?%[-#0 +]*[\d.]*[a-zA-Z]")


def parted(template: str, arguments: object) -> tuple[str, dict[str, Any]]:
    """Return a message without its `name=%s` parts, and what those are filled with."""
    if not arguments:
        return template, {}
    if not isinstance(arguments, tuple):
        return template % arguments, {}
    found = [match for match in _FIELD.finditer(template) if match[0] != "%%"]
    if len(found) != len(arguments):
        return template % arguments, {}
    pairs = list(zip([match[1] for match in found], arguments, strict=True))
    plain = _FIELD.sub(lambda match: "" if match[1] else match[0], template)
    text = plain % tuple(value for name, value in pairs if not name)
    return " ".join(text.split()), {name: value for name, value in pairs if name}


class WithRequest(logging.Filter):
    """Adds to each record which request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Json(logging.Formatter):
    """One JSON object in one line: time, level, logger, message, then the message's fields.

    A field that the line itself has, such as `time`, keeps the line's meaning.
    """

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": "",
        }
        line["message"], named = parted(str(record.msg), record.args)
        if asked := getattr(record, "request_id", ""):
            line["request_id"] = asked
        for name, value in named.items():
            if value is not None and value != "":
                line.setdefault(name, value)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)
