"""Follow to an end: show what is told, ask at gates, let go on Ctrl-C."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from runs import actions, gates, runner, shapes
from runs.exceptions import AlreadyDecided, GateError, GateExpired, InvalidTransition, NotAllowed
from runs.terminal import asking, exits
from runs.terminal.asking import Choice, Shown
from runs.terminal.products import COMMAND, Subject
from runs.terminal.watching import Watcher

if TYPE_CHECKING:
    from runs.terminal.terminal import Terminal


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


class Follower:
    def __init__(self, terminal: "Terminal", watcher: Watcher, subject: Subject) -> None:
        self._console = terminal.console
        self._screen = terminal.screen
        self._user = terminal.user
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
        shown = Shown.read(gate_id)
        if self._manner.approves:
            asking.show_digest(self._screen, shown)
        else:
            asking.show(self._screen, shown)
        if not gates.may_answer(self._user, shown.gate):
            return self._leave_to_others(shown)
        if self._manner.approves:
            choice: Choice | None = Choice(decision="approve")
        elif not self._manner.asks:
            return self._waits(shown)
        else:
            try:
                choice = asking.ask(self._console, shown.gate)
            except EOFError:
                return self._waits(shown)
        if choice is None:
            return self._detach()
        return self._answer(shown, choice)

    def _answer(self, shown: Shown, choice: Choice) -> int | None:
        try:
            gate = shown.answer(choice, self._user)
        except (AlreadyDecided, GateExpired) as error:
            self._screen.say(str(error), "warning")  # the log tells what follows
        except NotAllowed as error:
            self._screen.say(str(error), "warning")
            return self._leave_to_others(shown)
        except GateError as error:
            self._screen.say(str(error), "error")
            return self._waits(shown) if self._manner.approves else None  # else asked again
        else:
            if gate.state == gate.State.PENDING:
                self._screen.say("Your approval counts; others must approve too.")
                self._watcher.passed.add(gate.pk)
        return None

    def _leave_to_others(self, shown: Shown) -> int | None:
        """Wait for somebody who may decide, unless nobody is there to wait."""
        if not self._manner.asks or self._manner.approves:
            return self._waits(shown)
        self._screen.say("Somebody else must decide this. Ctrl-C detaches.", "warning")
        self._watcher.passed.add(shown.gate.pk)
        return None

    def _waits(self, shown: Shown) -> int:
        self._screen.result("gate_waiting", shapes.gate(shown.gate))
        key = str(shown.gate.pk)[:8]
        self._screen.say(f"The run waits for a decision: {COMMAND} answer {key}")
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
            actions.cancel(run.pk, reason=f"Cancelled by {self._user} in a terminal.")
        except InvalidTransition as error:
            self._screen.say(str(error), "warning")

    def _detach(self) -> int:
        self._screen.rest()
        self._screen.say("Detached. The run is kept; it goes on wherever Cairn runs.")
        self._screen.say(f"Follow it again: {self._subject.again(self._watcher.position)}")
        return exits.DETACHED
