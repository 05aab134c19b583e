"""What the tests of steps share."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from runs.context import RunContext
from runs.models import Run
from runs.scope import StepScope
from runs.sweep import reassign
from streams import log
from streams.events import KNOWN, Event
from tests.factories import Moved, Noted, Said, advance, make_run, register


class Killed(BaseException):
    """The worker's process is gone: nothing of it runs any more, nothing of it is recorded."""


def begins(name: str) -> list[Noted]:
    return [Noted(text=f"{name} begins")]


class Script:
    """A handler of three steps with text, progress and results; it can die before any write."""

    def __init__(self) -> None:
        self.dies_before = 0  # the number of the write that is never made
        self.writes = 0
        self.executed: list[str] = []
        self.finished: list[str] = []

    async def _write(self, write: Callable[[], Any]) -> None:
        self.writes += 1
        if self.writes == self.dies_before:
            raise Killed
        await write()

    async def __call__(self, context: RunContext) -> str:
        results = []
        for name in ("one", "two", "three"):
            results.append(
                await context.step(
                    name, self.work(name), begin=partial(begins, name), finish=self.finish
                )
            )
        return " ".join(results)

    def work(self, name: str) -> Callable[[StepScope], Any]:
        async def work(scope: StepScope) -> str:
            self.executed.append(name)
            message = scope.message_id("text")
            for sequence in range(1, 4):
                said = Said(message_id=message, sequence=sequence, content=f"{name}{sequence}")
                await self._write(partial(scope.emit, said))
            moved = Moved(step=name, progress=50, message=name)
            await self._write(partial(scope.emit, moved, Noted(text=name)))
            scope.usage["tokens"] = 3
            return name.upper()

        return work

    def finish(self, result: Any, milliseconds: int) -> list[Noted]:
        self.finished.append(result)
        return [Noted(text=f"{result} done")]


def told(run: Run) -> list[Any]:
    """Return the run's events without those that tell of workers, as type, data and text."""
    rows = log.read_after(run.stream_id, 0, 10_000)
    return [
        (row.type, json.loads(row.body)["data"], row.content)
        for row in rows
        if not KNOWN[row.type].is_lifecycle
    ]


def without_ids(events: list[Any]) -> list[Any]:
    return [
        (type_, {key: value for key, value in data.items() if key != "message_id"}, text)
        for type_, data, text in events
    ]


def die_and_go_on(run: Run, times: int = 20) -> Run:
    """Work on a run, each time after its worker died, until it ends."""
    for _ in range(times):
        try:
            advance(run)
        except Killed:
            reassign(run.pk, now=timezone.now() + timedelta(days=1))
            continue
        return run
    raise AssertionError("the run never ends")


def play(run_kind: str, *tries: Sequence[Event]) -> Run:
    """Run one step whose tries tell different things; all but the last die at their end."""
    numbers = iter(range(len(tries)))

    async def handler(context: RunContext) -> str:
        number = next(numbers)
        calls = iter([number, len(tries) - 1])

        async def work(scope: StepScope) -> int:
            for event in tries[next(calls)]:
                await scope.emit(event)
            if number < len(tries) - 1:
                raise Killed
            return number

        return str(await context.step("only", work))

    return die_and_go_on(make_run(kind=register(run_kind, handler)))
