"""Where a watched run appears: lines of text above a live bar, plain lines, or JSON."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from runs.terminal import bar, words
from runs.terminal.console import Console, painted
from runs.terminal.text import cut, one_line, safe, wrapped
from runs.terminal.words import Exact, Line, Piece, Table, Told

Write = Callable[[str], None]
CLEAR = "\r\x1b[2K"


class Screen(Protocol):
    table: Table

    def event(self, event: dict[str, Any]) -> None:
        """Show an event of the log, in its canonical form with its text."""

    def missing(self, first: int, last: int) -> None:
        """Say that events were cleared away before they could be read."""

    def say(self, text: str = "", style: str = "") -> None:
        """Write a line for people."""

    def result(self, type_: str, data: dict[str, Any]) -> None:
        """Write what the command itself has to tell, for programs."""

    def rest(self) -> None:
        """Leave the terminal as one that can be typed into."""


class TextScreen:
    """For people. A terminal gets a bar that moves; a file or a pipe gets a line when the
    work comes to another part. `table` has the words for what is watched.
    """

    def __init__(self, console: Console, table: Table = words.RUNS) -> None:
        self.console = console
        self.table = table
        self._bar: tuple[float, str] | None = None
        self._is_drawn = False
        self._is_open = False  # the last line has not ended yet
        self._part = ""

    def event(self, event: dict[str, Any]) -> None:
        if event["event"] == "progress" and "progress" in event["data"]:
            self._progress(event["data"])
            return
        for told in words.lines(event, self.table):
            self._tell(told)
        if event.get("final"):
            self.rest()

    def _tell(self, told: Told) -> None:
        match told:
            case Piece(text):
                self.stream(text)
            case Exact(text):
                self._above(f"  {cut(safe(text), max(20, self.console.width() - 3))}")
            case Line():
                self.line(told)

    def _progress(self, data: dict[str, Any]) -> None:
        label = one_line(f"{data.get('agent') or data['step']}: {data['message']}")
        if "data_points" in data:
            found = words.count(data["frameworks"], "framework")
            label = f"{found}, {words.count(data['data_points'], 'data point')} | {label}"
        self._bar = (data["progress"], label)
        if self.console.is_terminal:
            self._draw()
            return
        part = f"{data['step']} {data.get('agent', '')}"
        if part != self._part:
            self._part = part
            self._above(f"{data['progress']:3.0f}% {label}")

    def line(self, line: Line) -> None:
        icon = f"{words.ICONS[line.icon]} " if line.icon and self.console.has_emoji else ""
        indent = "" if line.icon else "   " if self.console.has_emoji else "  "
        self._above(painted(self.console, line.style, f"{indent}{icon}{one_line(line.text)}"))

    def stream(self, text: str) -> None:
        """Write a piece of text that goes on with the last one; the bar makes way for it."""
        if piece := safe(text):
            self._erase()
            self.console.write(piece)
            self._is_open = not piece.endswith("\n")

    def say(self, text: str = "", style: str = "") -> None:
        self._above(painted(self.console, style, safe(text)))

    def paragraph(self, text: str) -> None:
        for line in wrapped(text, min(100, self.console.width())):
            self._above(painted(self.console, "bold" if line.lstrip()[:1] == "#" else "", line))

    def missing(self, first: int, last: int) -> None:
        self.line(Line("warning", f"Events {first} to {last} are no longer available.", "warning"))

    def result(self, type_: str, data: dict[str, Any]) -> None:
        pass

    def rest(self) -> None:
        self._erase()
        self._end_line()
        self._bar = None

    def _end_line(self) -> None:
        if self._is_open:
            self.console.write("\n")
            self._is_open = False

    def _above(self, text: str) -> None:
        self._erase()
        self._end_line()
        self.console.write(f"{text}\n")
        self._draw()

    def _draw(self) -> None:
        if self._bar is None or self._is_open or not self.console.is_terminal:
            return
        # One column less: a full line would wrap, and could not be erased.
        columns = self.console.width() - 1
        drawn = bar.render(*self._bar, columns, unicode=self.console.has_emoji)
        self.console.write(f"{CLEAR}{drawn}")
        self._is_drawn = True

    def _erase(self) -> None:
        if self._is_drawn:
            self.console.write(CLEAR)
            self._is_drawn = False


class JsonScreen:
    """For programs: each event as one line of JSON, and nothing else on standard output."""

    def __init__(self, console: Console, table: Table = words.RUNS) -> None:
        self.console = console
        self.table = table

    def event(self, event: dict[str, Any]) -> None:
        self.console.write(f"{json.dumps(event, ensure_ascii=False)}\n")

    def missing(self, first: int, last: int) -> None:
        self.result("gap", {"from": first, "to": last})

    def say(self, text: str = "", style: str = "") -> None:
        if text:
            self.console.complain(safe(text))

    def paragraph(self, text: str) -> None:
        pass

    def result(self, type_: str, data: dict[str, Any]) -> None:
        self.event({"event": "status", "type": type_, "data": data})

    def rest(self) -> None:
        pass
