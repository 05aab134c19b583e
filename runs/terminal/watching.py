"""Read a stream as it grows, in whichever process it is written."""

import json
from contextlib import aclosing
from functools import partial
from typing import Any
from uuid import UUID

from runs import handlers
from runs.models import Gate, Run
from runs.terminal.screen import Screen
from streams import profiles
from streams.pool import pooled
from streams.reader import Missing, Quiet, follow
from streams.rows import Row

# Another process cannot wake us: its events are found by looking, this often.
LOOK_SECONDS = 0.5


class Watcher:
    """Follows one run, or a stream and all its runs, which has no end.

    `position` is the last event shown, so watching can stop and go on.
    """

    def __init__(
        self, screen: Screen, stream_id: UUID, *, run: Run | None = None, after: int = 0
    ) -> None:
        self.position = after
        self.has_ended = False
        self.passed: set[UUID] = set()  # gates that somebody else is to decide
        self._screen = screen
        self._stream_id = stream_id
        self._run = run.pk if run else None
        self._only_own = run is not None and not handlers.find(run.kind).owns_stream
        if run is not None:
            self.position = max(after, run.begins_after)

    async def until_gate(self) -> UUID | None:
        """Show events until a gate waits that was not passed; None when the run has ended."""
        batches = follow(self._stream_id, after=self.position, heartbeat_seconds=LOOK_SECONDS)
        async with aclosing(batches) as stream:
            async for batch in stream:
                if self._show(batch):
                    return None
                if self._may_wait(batch) and (gate := await self._pending()):
                    return gate
        self.has_ended = True
        return None

    def _show(self, batch: list[Row] | Missing | Quiet) -> bool:
        """Show a batch; True if the run's last event was in it."""
        if isinstance(batch, Missing):
            self._screen.missing(batch.first, batch.last)
            self.position = batch.last
        elif isinstance(batch, list):
            for row in batch:
                self._tell(json.loads(profiles.text(row, "inline")))
                self.position = row.position
                if self.has_ended:
                    break
        return self.has_ended

    def _tell(self, event: dict[str, Any]) -> None:
        is_own = self._run is not None and event.get("run_id") == str(self._run)
        if is_own or not self._only_own:
            self._screen.event(event)
        if is_own and event.get("final"):
            self.has_ended = True

    def _may_wait(self, batch: list[Row] | Missing | Quiet) -> bool:
        return isinstance(batch, Quiet) or (
            isinstance(batch, list) and any(row.type == "gate_opened" for row in batch)
        )

    async def _pending(self) -> UUID | None:
        waiting = Gate.objects.filter(state=Gate.State.PENDING)
        if self._run is not None:
            waiting = waiting.filter(run=self._run)
        else:
            waiting = waiting.filter(run__stream=self._stream_id)
        first = partial(waiting.exclude(pk__in=self.passed).values_list("pk", flat=True).first)
        return await pooled(first)()
