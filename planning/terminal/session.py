"""Follow a run to its end: show what it tells, ask at its gates, let go on Ctrl-C."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User

from planning import recording, shapes
from planning.models import Plan
from planning.terminal import asking, exits
from planning.terminal.asking import Choice, Shown
from planning.terminal.console import Console
from planning.terminal.screen import JsonScreen, TextScreen
from planning.terminal.watching import Watcher
from runs import actions, gates, runner
from runs import shapes as run_shapes
from runs.exceptions import AlreadyDecided, GateError, GateExpired, InvalidTransition, NotAllowed
from runs.models import Run

COMMAND = "python manage.py cairn"
FIGURES = ("iterations", "checkpoints", "frameworks", "data_points", "findings", "gaps")


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


class Session:
    def __init__(
        self,
        console: Console,
        screen: TextScreen | JsonScreen,
        user: User,
        run: Run,
        manner: Manner,
        *,
        after: int = 0,
    ) -> None:
        self._console = console
        self._screen = screen
        self._user = user
        self._run = run
        self._manner = manner
        self._watcher = Watcher(run, screen, after=after)

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
        return self._ended()

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
        self._screen.result("gate_waiting", run_shapes.gate(shown.gate))
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
        try:
            actions.cancel(self._run.pk, reason=f"Cancelled by {self._user} in a terminal.")
        except InvalidTransition as error:
            self._screen.say(str(error), "warning")

    def _detach(self) -> int:
        self._run.refresh_from_db()
        key, after = str(self._run.pk)[:8], self._watcher.position
        self._screen.rest()
        self._screen.say("Detached. The run is kept; it goes on wherever Cairn runs.")
        self._screen.say(f"Follow it again: {COMMAND} follow {key} --after {after}")
        return exits.DETACHED

    def _ended(self) -> int:
        self._screen.rest()
        run = Run.objects.select_related("stream").get(pk=self._run.pk)
        plan = Plan.objects.select_related("run", "created_by", "entity").filter(run=run).first()
        if plan is None:
            self._screen.result("run_result", run_shapes.run(run))
        else:
            self._figures(plan)
        return exits.OK if run.state == Run.State.COMPLETED else exits.UNSUCCESSFUL

    def _figures(self, plan: Plan) -> None:
        metrics = recording.metrics(plan)
        self._screen.result("plan_result", {**shapes.summary(plan), "metrics": metrics})
        counted = ", ".join(f"{name.replace('_', ' ')} {metrics[name]}" for name in FIGURES)
        self._screen.say()
        self._screen.say(
            f"{counted.capitalize()}; worked for {metrics['duration_ms'] / 1000:.1f} s."
        )
        if plan.entity:
            self._screen.say(f"Read the plan: {COMMAND} memory {plan.entity.slug}")
        else:
            self._screen.say(
                f"The plan ended as {plan.run.state}: {COMMAND} show {str(plan.pk)[:8]}"
            )
