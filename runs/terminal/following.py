"""Follow to an end: show what is told, ask at gates, let go on Ctrl-C."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from runs import runner
from runs.exceptions import AlreadyDecided, GateError, GateExpired, InvalidTransition, NotAllowed
from runs.terminal import asking, exits
from runs.terminal.asking import Choice, Shown
from runs.terminal.products import COMMAND, Subject

if TYPE_CHECKING:
    from runs.terminal.terminal import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to behave at gates: approve each, or ask nobody."""

    approves: bool = False
    asks: bool = True


@contextmanager
def working() -> Iterator[None]:
    """Work on runs in this process while the block lasts; then give them back."""
    runner.start()
    try:
        yield
    finally:
        runner.stop()


class Watch(Protocol):
    """What shows events. `position` is the last one shown, so watching can stop and go on."""

    position: int
    has_ended: bool
    passed: set[UUID]  # gates that somebody else is to decide

    async def until_gate(self) -> UUID | None:
        """Show events until a gate waits that was not passed; None when the run has ended."""


class Follower:
    def __init__(self, terminal: "Seat", watcher: Watch, subject: Subject) -> None:
        self._console = terminal.console
        self._screen = terminal.screen
        self._desk = terminal.desk
        self._manner = terminal.manner
        self._watcher = watcher
        self._subject = subject

    def follow(self) -> int:
        """Return the exit code."""
        while not self._watcher.has_ended:
            try:
                gate = asyncio.run(self._watcher.until_gate())
                code = self._at_gate(gate) if gate else None
            except KeyboardInterrupt:
                code = self._interrupted()
            if code is not None:
                return code
        self._screen.rest()
        return self._subject.ended()

    def _at_gate(self, gate_id: UUID) -> int | None:
        """Get the gate answered; an exit code to leave instead."""
        shown = self._desk.shown(gate_id)
        if self._manner.approves:
            asking.show_digest(self._screen, shown)
        else:
            asking.show(self._screen, shown)
        if not self._desk.may_answer(shown):
            return self._leave_to_others(shown)
        if self._manner.approves:
            choice: Choice | None = Choice(decision="approve")
        elif not self._manner.asks:
            return self._waits(shown)
        else:
            try:
                choice = asking.ask(self._console, shown)
            except EOFError:
                return self._waits(shown)
        if choice is None:
            return self._detach()
        return self._answer(shown, choice)

    def _answer(self, shown: Shown, choice: Choice) -> int | None:
        try:
            gate = self._desk.answer(shown, choice)
        except (AlreadyDecided, GateExpired) as error:
            self._screen.say(str(error), "warning")  # the log tells what follows
        except NotAllowed as error:
            self._screen.say(str(error), "warning")
            return self._leave_to_others(shown)
        except GateError as error:
            self._screen.say(str(error), "error")
            return self._waits(shown) if self._manner.approves else None  # else asked again
        else:
            if gate["state"] == "pending":
                self._screen.say("Your approval counts; others must approve too.")
                self._watcher.passed.add(UUID(gate["id"]))
        return None

    def _leave_to_others(self, shown: Shown) -> int | None:
        """Wait for somebody who may decide, unless nobody is there to wait."""
        if not self._manner.asks or self._manner.approves:
            return self._waits(shown)
        self._screen.say("Somebody else must decide this. Ctrl-C detaches.", "warning")
        self._watcher.passed.add(UUID(shown.gate["id"]))
        return None

    def _waits(self, shown: Shown) -> int:
        self._screen.result("gate_waiting", shown.gate)
        self._screen.say(f"The run waits for a decision: {COMMAND} answer {shown.key}")
        return exits.WAITING

    def _interrupted(self) -> int | None:
        self._screen.rest()
        if not self._manner.asks:
            return self._detach()
        self._console.write("\n")
        try:
            given = self._console.ask("detach (d) / cancel the run (c) / stay (s)? ").strip()
        except (EOFError, KeyboardInterrupt):
            self._console.write("\n")
            return self._detach()
        if given in ("c", "cancel"):
            self._cancel()
            return None
        return None if given in ("s", "stay") else self._detach()

    def _cancel(self) -> None:
        run = self._subject.working()
        if run is None:
            self._screen.say("Nothing is being worked on.")
            return
        try:
            self._desk.cancel(run)
        except InvalidTransition as error:
            self._screen.say(str(error), "warning")

    def _detach(self) -> int:
        self._screen.rest()
        self._screen.say("Detached. The run is kept; it goes on wherever Cairn runs.")
        self._screen.say(f"Follow it again: {self._subject.again(self._watcher.position)}")
        return exits.DETACHED
