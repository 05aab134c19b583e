"""Show a gate, take a decision, and answer with the digest of what was shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from runs.digests import digest
from runs.terminal.console import Console
from runs.terminal.screen import JsonScreen, TextScreen
from runs.terminal.text import one_line

# Shown by themselves, or known from elsewhere on the screen.
APART = ("plan", "goal", "title", "approach", "summary", "session", "question", "calls")
TEXTS = ("approach", "summary")
KEYS = {
    "a": "approve",
    "all": "approve_all",
    "rev": "revise",
    "adj": "adjust",
    "ans": "answer",
    "rej": "reject",
    "d": "detach",
}
DETACH = "detach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    decision: str
    comment: str = ""
    payload: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A gate as it was put before somebody, in the form that `runs.shapes` and REST give it."""

    gate: dict[str, Any]

    @property
    def key(self) -> str:
        return str(self.gate["id"])[:8]

    @property
    def digest(self) -> str:
        """Worked out from what was shown, not from what it was said to be."""
        return digest(self.gate["payload"])


def show(screen: TextScreen | JsonScreen, shown: Shown) -> None:
    """Write all of the payload, until when it can be decided, and its digest."""
    payload = shown.gate["payload"]
    screen.rest()
    screen.say()
    for name in ("goal", "title"):
        if payload.get(name):
            screen.paragraph(f"{name.capitalize()}: {one_line(str(payload[name]))}")
    for name in TEXTS:
        if payload.get(name):
            screen.say()
            screen.paragraph(str(payload[name]))
    screen.say()
    for line in (*_calls(payload), *_members(payload)):
        screen.paragraph(line)
    screen.say()
    show_digest(screen, shown)


def show_digest(screen: TextScreen | JsonScreen, shown: Shown) -> None:
    deadline = datetime.fromisoformat(shown.gate["deadline"])
    until = f"{deadline:%Y-%m-%d %H:%M:%S} UTC"
    screen.say(f"  Decide until {until} ({left(deadline)}). Gate {shown.key}.")
    screen.say(f"  Digest of what is shown: {shown.digest}", "dim")


def _calls(payload: dict[str, Any]) -> Iterator[str]:
    """Yield what each tool call would do, with all of its arguments."""
    for call in payload.get("calls", ()):
        yield f"{one_line(str(call['tool']))}: {one_line(str(call.get('description', '')))}"
        for name, value in call["arguments"].items():
            written = json.dumps(value, ensure_ascii=False)
            yield f"- {one_line(str(name))} = {one_line(written)}"


def _members(payload: dict[str, Any]) -> Iterator[str]:
    for name, value in payload.items():
        if name in APART or value in ("", [], {}, None):
            continue
        title = name.replace("_", " ").capitalize()
        if isinstance(value, list):
            yield f"{title}:"
            yield from (f"- {_inline(item)}" for item in value)
        else:
            yield f"{title}: {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_inline(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_inline(one) for one in value)
    return one_line(str(value))


def left(deadline: datetime) -> str:
    """Return how long there is to decide."""
    seconds = int((deadline - timezone.now()).total_seconds())
    if seconds <= 0:
        return "too late"
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} left"
    return f"{seconds} s left"


def ask(console: Console, shown: Shown) -> Choice | None:
    """Ask until there is a decision this gate knows; None to leave it open.

    Raises `EOFError`, `KeyboardInterrupt`.
    """
    known = shown.gate["decisions"]
    offered = {key: name for key, name in KEYS.items() if name in (*known, DETACH)}
    names = " / ".join(f"{name.replace('_', ' ')} ({key})" for key, name in offered.items())
    while True:
        given = console.ask(f"{names}? ").strip().lower().replace(" ", "_")
        decision = offered.get(given, given)
        if decision == DETACH:
            return None
        if decision in known:
            return _details(console, shown.gate["payload"], decision)


def _details(console: Console, payload: dict[str, Any], decision: str) -> Choice:
    if decision == "revise":
        return Choice(decision=decision, comment=_needed(console, "What is to be revised? "))
    if decision == "reject":
        return Choice(decision=decision, comment=console.ask("Why (may be empty)? ").strip())
    if decision == "adjust":
        return _adjustment(console, payload)
    if decision == "answer":
        return Choice(decision=decision, comment=_answer(console, payload))
    return Choice(decision=decision)


def _answer(console: Console, payload: dict[str, Any]) -> str:
    """Return one of the options that were offered, by its number, or words of one's own."""
    options = payload.get("options", [])
    for number, option in enumerate(options, start=1):
        console.write(f"  {number}. {one_line(str(option))}\n")
    given = _needed(console, "Your answer? ")
    if given.isascii() and given.isdigit() and 0 < int(given) <= len(options):
        return str(options[int(given) - 1])
    return given


def _adjustment(console: Console, payload: dict[str, Any]) -> Choice:
    figures = {
        name: number
        for name in ("max_iterations", "checkpoint_interval")
        if (number := _number(console, name, payload.get(name))) is not None
    }
    prompt = "What else is to be adjusted (may be empty)? "
    comment = console.ask(prompt).strip() if figures else _needed(console, "What is to change? ")
    return Choice(decision="adjust", comment=comment, payload=figures or None)


def _number(console: Console, name: str, present: Any) -> int | None:
    """Return a figure that differs from the present one."""
    given = console.ask(f"{name.replace('_', ' ').capitalize()} [{present}]: ").strip()
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else None
    return None if number == present else number


def _needed(console: Console, prompt: str) -> str:
    while True:
        if text := console.ask(prompt).strip():
            return text
