"""Things by the beginning of their id."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from django.db.models import Model, QuerySet

from runs.terminal.exits import CommandFailed

M = TypeVar("M", bound=Model)
T = TypeVar("T")
ID = re.compile(r"[0-9a-f]{4,32}")
LAST = "last"


def key(name: str) -> str:
    """Return the beginning of an id as the database writes it: with hyphens in their places."""
    digits = name.lower().replace("-", "")
    if not ID.fullmatch(digits):
        raise CommandFailed(
            f"{name!r} is no id; give 4 characters of one or more, or {LAST!r} for the newest."
        )
    ends = (0, 8, 12, 16, 20, 32)
    return "-".join(part for a, b in pairwise(ends) if (part := digits[a:b]))


def one(found: "QuerySet[M]", name: str, noun: str) -> M:
    """Return the only row. Raises `CommandFailed` when there is none, or more than one."""
    return only(list(found.distinct()[:2]), name, noun)


def only(rows: Sequence[T], name: str, noun: str) -> T:
    """Return the only one. Raises `CommandFailed`, as `one` does."""
    if not rows:
        raise CommandFailed(f"There is no {noun} {name!r} that you may see.")
    if len(rows) > 1:
        raise CommandFailed(f"More than one {noun} begins with {name!r}; give more of the id.")
    return rows[0]
