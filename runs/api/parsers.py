"""JSON bodies: UTF-8, bounded in size and depth, with numbers that every database takes."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32


class TooLarge(APIException):
    """The body has more bytes than are taken."""

    status_code = 413
    default_code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The body is too large; at most {most} bytes are taken.")


def decode(data: bytes) -> Any:
    """Return the value of a JSON text. Raises `ValueError` saying what is wrong with it."""
    try:
        value = json.loads(data.decode(), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise _too_deep() from None
    if _depth(value) > DEEPEST:
        raise _too_deep()
    return value


def _too_deep() -> ValueError:
    return ValueError(f"The body is nested too deeply; at most {DEEPEST} levels are taken.")


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value.")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("A number is too large.")
    return value


def _depth(value: Any) -> int:
    """Return how many lists and objects lie in one another."""
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, (dict, list))]:
        depth += 1
        if depth > DEEPEST:
            break
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


class Json(JSONParser):
    """What every view below /api/ takes. A charset in the content type changes nothing."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        data = stream.read(most + 1)
        if len(data) > most:
            raise TooLarge(most)
        try:
            return decode(data)
        except ValueError as error:
            raise ParseError(f"The body must be JSON in UTF-8: {_where(error)}") from None


def _where(error: ValueError) -> str:
    """Say what is wrong without repeating what was sent."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8."
    return str(error)
