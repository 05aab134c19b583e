"""What the apps above tell of a stream: who may read it, and what it amounts to.

`runs` connects itself here when it starts, so that this package need not know of runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User


def _nobody(user: User, stream_id: UUID) -> bool:
    return False


def _nothing(stream_id: UUID) -> dict[str, Any] | None:
    return None


@dataclass(slots=True)
class Source:
    """`may_read` is asked at the start and again while a stream is open. `snapshot` returns the
    present state for a reader whose events were cleared away, or None."""

    may_read: Callable[[User, UUID], bool] = _nobody
    snapshot: Callable[[UUID], dict[str, Any] | None] = _nothing


source = Source()


def connect(
    *,
    may_read: Callable[[User, UUID], bool],
    snapshot: Callable[[UUID], dict[str, Any] | None],
) -> None:
    source.may_read = may_read
    source.snapshot = snapshot
