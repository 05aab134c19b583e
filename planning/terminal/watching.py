"""Read a run's stream as it grows, in whichever process it is written."""

import json
from contextlib import aclosing
from functools import partial
from typing import Any
from uuid import UUID

from planning.terminal.screen import Screen
from runs.models import Gate, Run
from streams import profiles
from streams.log import Row
from streams.pool import pooled
from streams.reader import Missing, Quiet, follow

# Another process cannot wake us: its events are found by looking, this often.
LOOK_SECONDS = 0.5


class Watcher:
    """Follows one run. `position` is the last event shown, so watching can stop and go on."""

    def __init__(self, run: Run, screen: Screen, *, after: int = 0) -> None:
        self.run = run
        self.position = after
        self.has_ended = False
        self.passed: set[UUID] = set()  # gates that somebody else is to decide
        self._screen = screen

    async def until_gate(self) -> UUID | None:
        """Show events until a gate waits that was not passed; None when the run has ended."""
        batches = follow(self.run.stream_id, after=self.position, heartbeat_seconds=LOOK_SECONDS)
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
                event: dict[str, Any] = json.loads(profiles.text(row, "inline"))
                self._screen.event(event)
                self.position = row.position
                if event.get("final") and event.get("run_id") == str(self.run.pk):
                    self.has_ended = True
        return self.has_ended

    def _may_wait(self, batch: list[Row] | Missing | Quiet) -> bool:
        return isinstance(batch, Quiet) or (
            isinstance(batch, list) and any(row.type == "gate_opened" for row in batch)
        )

    async def _pending(self) -> UUID | None:
        waiting = Gate.objects.filter(run=self.run, state=Gate.State.PENDING)
        first = partial(waiting.exclude(pk__in=self.passed).values_list("pk", flat=True).first)
        return await pooled(first)()
