"""Show one gate, then decide it: as the options say, or as somebody types."""

from uuid import UUID

from runs.exceptions import GateError
from runs.terminal import asking, exits
from runs.terminal.asking import Choice, Shown
from runs.terminal.products import COMMAND
from runs.terminal.terminal import Seat
from runs.terminal.text import one_line


def decide(terminal: Seat, gate_id: UUID) -> int:
    """Return the exit code."""
    given, screen = terminal.given, terminal.screen
    shown = terminal.desk.shown(gate_id)
    screen.say(one_line(shown.gate["question"]), "bold")
    asking.show(screen, shown)
    try:
        choice = _choice(terminal, shown)
        if choice is None:
            return exits.WAITING
        gate = terminal.desk.answer(shown, choice, digest=given.digest)
    except GateError as error:
        terminal.console.complain(str(error))
        return exits.UNSUCCESSFUL
    if given.json:
        return terminal.dump(gate)
    decided = gate["decision"] or "your approval counts; others must approve too"
    screen.say(f"Decided: {decided}. Follow it: {COMMAND} follow {gate['run_id'][:8]}")
    return exits.OK


def _choice(terminal: Seat, shown: Shown) -> Choice | None:
    given = terminal.given
    if given.decision:
        figures = {"max_iterations": given.iterations, "checkpoint_interval": given.interval}
        payload = {name: value for name, value in figures.items() if value is not None}
        return Choice(decision=given.decision, comment=given.comment, payload=payload or None)
    if given.json or not terminal.console.can_ask:
        return None
    try:
        return asking.ask(terminal.console, shown)
    except EOFError:
        return None
