"""What two databases hold of a plan, in one form: SQLite has neither booleans nor JSON."""

import json
from typing import Any

from tests.e2e import story
from tests.e2e.story import Place


def rows(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: sorted((tuple(_plain(value) for value in row) for row in found), key=str)
        for name, found in story.rows(place).items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value[:1] in ("[", "{"):
        return json.loads(value)
    return value
