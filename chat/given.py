"""What came as free JSON, before it is kept: bounded, and of text that every database takes."""

import json
from typing import Any

from chat.exceptions import InvalidMessage
from streams.events import storable


def check(field: str, value: dict[str, Any], *, most: int) -> dict[str, Any]:
    """Return the value. Raises `InvalidMessage` naming the field."""
    written = json.dumps(value, ensure_ascii=False)
    if len(written) > most:
        message = f"{field} is too large: at most {most} characters of JSON fit."
        raise InvalidMessage({field: message})
    if storable(written) != written or "\\u0000" in written:
        raise InvalidMessage({field: f"{field} must not hold NUL or broken characters."})
    return value
