"""Events as lines of text. Each product has a table of its own; these are its parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]

ICONS = {
    "rocket": "\U0001f680",
    "cycle": "\U0001f504",
    "stop": "\u23f9\ufe0f",
    "check": "\u2705",
    "disk": "\U0001f4be",
    "cross": "\u274c",
    "hand": "\u270b",
    "pause": "\u23f8\ufe0f",
    "play": "\u25b6\ufe0f",
    "clock": "\u23f0",
    "retry": "\U0001f501",
    "warning": "\u26a0\ufe0f",
}


@dataclass(frozen=True, slots=True)
class Line:
    icon: str
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text that goes on where the last one ended."""

    text: str


@dataclass(frozen=True, slots=True)
class Exact:
    """A line whose spaces count: a row of a table, a line of somebody's text."""

    text: str


Told = Line | Piece | Exact
Tell = Callable[[Data], Told | Sequence[Told] | None]
Table = Mapping[str, Tell]


def lines(event: dict[str, Any], table: Table) -> Sequence[Told]:
    """Return what to show of an event; nothing of one that only moves the bar."""
    tell = table.get(event["type"])
    found = tell(event["data"]) if tell else None
    if found is None:
        return ()
    return (found,) if isinstance(found, Line | Piece | Exact) else found


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def retrying(data: Data) -> Line:
    why = data["error"]["message"]
    attempt = f"attempt {data['attempt']} of {data['max_attempts']}"
    return Line("retry", f"Retrying ({attempt}) in {data['retry_in_seconds']} s: {why}", "warning")


def vote(data: Data) -> Line:
    return Line("check", f"Approved by {data['by']} ({data['approvals']} of {data['quorum']}).")


# What is the same whatever a run is for.
RUNS: Table = {
    "run_retrying": retrying,
    "run_reassigned": lambda data: Line("retry", "The worker was lost; another one goes on."),
    "step_restarted": lambda data: Line("retry", f"{data['step']} starts again.", "dim"),
    "gate_opened": lambda data: Line("hand", data["question"], "bold"),
    "gate_vote": vote,
}
