"""The digest that an answer to a gate names."""

import hashlib
import json
from typing import Any


def digest(payload: Any) -> str:
    """Return the SHA-256 of a gate's payload: of what you show, not of what you are told to.

    Of canonical JSON: sorted keys, no spaces, UTF-8, numbers without a fraction as whole ones.
    """
    plain = json.loads(json.dumps(payload), parse_float=_number)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value
