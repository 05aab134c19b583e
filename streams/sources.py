"""What the apps above tell of a stream: who may read it, and what it amounts to.

`runs` connects itself here when it starts, so that this package need not know of runs; an app
with messages of its own tells of them.
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


@dataclass(frozen=True, slots=True)
class Written:
    """A message that an app keeps a row of: where its text goes, and whether more can come."""

    stream_id: UUID
    is_complete: bool


def _unknown(message_id: UUID) -> Written | None:
    return None


@dataclass(slots=True)
class Source:
    """`may_read` is asked at the start and again while a stream is open. `snapshot` returns the
    present state for a reader whose events were cleared away, or None. `message` returns what is
    known of a message besides its text, which may not have begun; None if it is nobody's."""

    may_read: Callable[[User, UUID], bool] = _nobody
    snapshot: Callable[[UUID], dict[str, Any] | None] = _nothing
    message: Callable[[UUID], Written | None] = _unknown


source = Source()


def connect(
    *,
    may_read: Callable[[User, UUID], bool],
    snapshot: Callable[[UUID], dict[str, Any] | None],
) -> None:
    source.may_read = may_read
    source.snapshot = snapshot


def connect_messages(message: Callable[[UUID], Written | None]) -> None:
    source.message = message
