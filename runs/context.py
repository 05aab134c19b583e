"""What a handler gets: a run it may write to while its lease holds.

Everything here that writes goes through the process's group writer, in a transaction whose
first statement proves the lease.
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from runs import counters, deltas, gates, steps, transitions
from runs.events import ProgressEvent, StepRestarted
from runs.exceptions import Pausing, Waiting
from runs.gates import Question
from runs.lease import Lease
from runs.models import Gate, Run, Step
from runs.scope import ReplayDivergedError, StepScope
from runs.steps import Past
from streams import log
from streams.events import KNOWN, ContentDelta, Event
from streams.group import GroupWriter
from streams.pool import pooled
from streams.rows import Row

T = TypeVar("T")
Work = Callable[["StepScope"], Awaitable[Any]]
# What a step's end adds to the transaction that records it: given the result and the
# milliseconds it took, it writes the product's rows and returns events.
Finish = Callable[[Any, int], Sequence[Event]]
Begin = Callable[[], Sequence[Event]]


def _nothing_to_begin() -> Sequence[Event]:
    return ()


def _nothing_more(result: Any, milliseconds: int) -> Sequence[Event]:
    return ()


class RunContext:
    """One segment of one run, as its handler sees it. `run` is the row as it was claimed."""

    def __init__(self, run: Run, lease: Lease, writer: GroupWriter, past: Past) -> None:
        self.run = run
        self.lease = lease
        self.cancel = threading.Event()  # set when the result is no longer wanted
        self._writer = writer
        self._past = past

    async def write(self, work: Callable[[], T], **columns: Any) -> T:
        """Run `work` in a transaction that begins by proving the lease. Raises `Fenced`.

        The same statement sets columns of the run, if any are given.
        """

        return await self.submit(work, **columns)

    def submit(self, work: Callable[[], T], **columns: Any) -> "asyncio.Future[T]":
        """Do what `write` does, for a caller that goes on meanwhile."""

        def fenced() -> T:
            self.lease.hold(**columns)
            return work()

        return asyncio.wrap_future(self._writer.submit(fenced))

    def submit_delta(self, delta: ContentDelta) -> "asyncio.Future[None]":
        """Write a piece of text together with those of other runs; raises in the future."""
        return self._writer.submit_together(deltas.write, (self.lease, delta))

    async def read(self, query: Callable[[], T]) -> T:
        """Run a query off the loop."""
        return await pooled(query)()

    async def emit(self, *events: Event, also: Callable[[], object] | None = None) -> None:
        """Append events to the run's stream; its columns follow their progress.

        `also` writes rows in the same transaction.
        """
        moving = [event for event in events if isinstance(event, ProgressEvent)]
        columns = moving[-1].status() if moving else {}

        def append() -> None:
            if also is not None:
                also()
            self.append(*events)

        await self.write(append, **columns)

    def append(self, *events: Event) -> None:
        """Append events inside a `write`."""
        log.append(self.lease.stream_id, events, run_id=self.lease.run_id)

    def known(self, name: str) -> Any | None:
        """Return a finished step's result, or None."""
        return self._past.finished.get(name)

    async def step(
        self,
        name: str,
        work: Work,
        *,
        begin: Begin = _nothing_to_begin,
        finish: Finish = _nothing_more,
    ) -> Any:
        """Return the step's result, working it out only if it is not recorded yet.

        `begin` writes rows and returns events once, when the step first starts. The result, the
        events of `finish` and what it writes commit together. If a worker dies in between, `work` runs again; events
        it repeats are recognised and not written twice.
        """
        if name in self._past.finished:
            return self._past.finished[name]
        scope = await self.write(partial(self._begin, name, begin))
        while True:
            try:
                result = _as_recorded(await work(scope))
                scope.close()
                break
            except ReplayDivergedError:
                scope = await self.write(partial(self._restart, name, scope))
        # What comes next is tried for the first time, by this claim.
        await self.write(partial(self._record, name, scope, result, finish), attempts=1)
        self._past.finished[name] = result
        counters.step_ended(self.run.kind, scope.milliseconds() / 1000, scope.usage)
        return result

    def _begin(self, name: str, begin: Begin) -> "StepScope":
        if name in self._past.interrupted:
            step = self._past.interrupted[name]
            rows = log.read_after(self.lease.stream_id, step.from_position, 100_000)
            mine = self.run.pk.hex
            told = [row for row in rows if row.run == mine and not _is_lifecycle(row)]
            return StepScope(self, name, step, told)
        if events := begin():
            self.append(*events)
        return StepScope(self, name, steps.begin(self.lease, name), [])

    def _restart(self, name: str, scope: "StepScope") -> "StepScope":
        step = Step.objects.get(pk=scope.step_id)
        self.append(StepRestarted(step=name, from_position=step.from_position))
        step.restarts += 1
        step.from_position = log.last_position(self.lease.stream_id)
        step.save(update_fields=["restarts", "from_position"])
        return StepScope(self, name, step, [])

    def _record(self, name: str, scope: "StepScope", result: Any, finish: Finish) -> None:
        steps.record(self.lease, scope.step_id, result, scope.usage)
        if events := finish(result, scope.milliseconds()):
            self.append(*events)

    async def ask(self, question: Question, *, before: Callable[[Gate], Sequence[Event]]) -> Gate:
        """Return the answered gate, or open it and raise `Waiting`.

        `before` gives the events that introduce the gate, in the same transaction.
        """

        if question.name in self._past.gates:
            return self._past.gates[question.name]

        def ask() -> None:
            if transitions.obey_cancel(self.run.pk, self.lease.condition):
                return
            gate = gates.open_gate(self.lease, question)
            transitions.tell(self.run, *before(gate), gates.opened(gate))

        await self.write(ask)
        raise Waiting

    async def pause_point(self) -> None:
        """Pause here if somebody asked for it."""

        def asked() -> bool:
            return Run.objects.filter(pk=self.run.pk, pause_requested=True).exists()

        wanted = self.lease.condition & Q(pause_requested=True)
        if await self.read(asked) and await self.write(
            lambda: transitions.pause(self.run.pk, wanted)
        ):
            raise Pausing


def _is_lifecycle(row: Row) -> bool:
    event = KNOWN.get(row.type)
    return event is not None and event.is_lifecycle


def _as_recorded(result: Any) -> Any:
    """Return a result as a later segment will read it, so that none sees something else."""
    return json.loads(json.dumps(result, cls=DjangoJSONEncoder))


def load(lease: Lease, writer: GroupWriter) -> RunContext:
    """Return the context of a claimed run, with what its earlier segments reached."""
    run = Run.objects.get(pk=lease.run_id)
    return RunContext(run, lease, writer, steps.load(run.pk))
