"""A step at work: what it tells, and what an earlier try of it has told already."""

import json
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from runs.models import Step
from streams.events import ContentDelta, ContentEvent, Event, storable
from streams.rows import Row

if TYPE_CHECKING:
    from runs.context import RunContext


class ReplayDivergedError(Exception):
    """A repeated step told something else than the log holds of it."""


class StepScope:
    """What a step's work is given. Whatever it tells again, as an earlier try told it, is
    recognised and not written twice.
    """

    def __init__(self, context: "RunContext", name: str, step: Step, told: list[Row]) -> None:
        self.name = name
        self.step_id = step.pk
        self.restarts = step.restarts
        self.is_replay = bool(told)
        self.usage: dict[str, float] = {}
        self.context = context
        self._told = deque(told)
        self._read = 0  # characters of the first told event's text that were told again
        self._started = time.monotonic()

    def message_id(self, label: str) -> UUID:
        """Return the id of a message of this step: the same in each replay of it."""
        return uuid5(self.context.run.pk, f"{self.name}:{label}:{self.restarts}")

    def milliseconds(self) -> int:
        """How long this try of the step took."""
        return round((time.monotonic() - self._started) * 1000)

    async def emit(self, *events: Event, also: Callable[[], object] | None = None) -> None:
        """Append events, except those that an earlier try has written.

        `also` writes rows in the same transaction, unless they are there with their events.
        """
        fresh = list(events)
        while self._told and fresh:
            if self._read or not _says(self._told.popleft(), fresh.pop(0)):
                raise ReplayDivergedError(self.name)
        if fresh:
            await self.context.emit(*fresh, also=also)

    def untold(self, message_id: UUID, text: str) -> str:
        """Return what of a message's next text an earlier try has not written.

        Text is compared as a whole: it may have been cut into other pieces then. Raises
        `ReplayDivergedError`.
        """
        while text and self._told:
            known = self._rest_of(message_id)
            if known.startswith(text):
                self._read += len(text)
                text = text[len(text) :]
            elif text.startswith(known):
                self._read += len(known)
                text = text[len(known) :]
            else:
                raise ReplayDivergedError(self.name)
            if self._read == len(self._told[0].content or ""):
                self._told.popleft()
                self._read = 0
        return text

    def _rest_of(self, message_id: UUID) -> str:
        row = self._told[0]
        if row.type != ContentDelta.type or f'"{message_id}"' not in row.body:
            raise ReplayDivergedError(self.name)
        return (row.content or "")[self._read :]

    def close(self) -> None:
        """Check that nothing the earlier try told was left out."""
        if self._told:
            raise ReplayDivergedError(self.name)

    def sequence_of(self, message_id: UUID) -> int:
        """Return the last chunk's number that an earlier try wrote of a message's text."""
        numbers = [
            int(json.loads(row.body)["data"]["sequence"])
            for row in self._told
            if row.type == ContentDelta.type and f'"{message_id}"' in row.body
        ]
        return max(numbers, default=0)


def _says(row: Row, event: Event) -> bool:
    """Whether a logged event says the same as a new one, timestamps aside."""
    if row.type != event.type:
        return False
    if isinstance(event, ContentEvent) and row.content != storable(event.content):
        return False
    before, now = json.loads(row.body)["data"], json.loads(event.data_json())
    for name in event.measured:
        before.pop(name, None)
        now.pop(name, None)
    return bool(before == now)
