"""SHA-256 of JSON, the same in every process, database and browser."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def digest(payload: Any) -> str:
    """Return the SHA-256 of a payload's canonical JSON.

    Sorted keys, no spaces, UTF-8; a number without a fraction is written as a whole one, since
    databases and browsers do not keep the difference.
    """
    plain = json.loads(json.dumps(payload, cls=DjangoJSONEncoder), parse_float=_number)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value
