"""What the tests of log share."""

import uuid
from collections.abc import Callable

from django.db import connection

from streams import log
from streams.models import Stream


def positions(stream: Stream) -> list[int]:
    return [row.position for row in log.read_after(stream.pk, 0, 10_000)]


def closing(work: Callable[[int], None]) -> Callable[[int], None]:
    def call(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    return call


def sample(annotation: object) -> object:
    """Return a usual value of a field's type."""
    values = {
        "UUID": str(uuid.uuid4()),
        "str": "x" * 24,
        "int": 3,
        "float": 12.5,
        "Failure": {"code": "x" * 20, "message": "x" * 60},
    }
    name = getattr(annotation, "__name__", str(annotation))
    if name in values:
        return values[name]
    text = str(annotation)
    if "tuple" in text or "list" in text:
        return ["x" * 10] * 4
    if "dict" in text:
        return {}
    return "x" * 24 if "str" in text else 3
