"""The seam between the terminal client and a terminal."""

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any, Protocol

STYLES = {"bold": "1", "dim": "2", "success": "32", "warning": "33", "error": "31"}


class Console(Protocol):
    """What a command may do with the terminal it was started in.

    `is_terminal`: the output is looked at while it is written, so a line may be drawn again.
    `has_color`, `has_emoji`: what it can show. `can_ask`: there is input to read.
    """

    is_terminal: bool
    has_color: bool
    has_emoji: bool
    can_ask: bool

    def write(self, text: str) -> None:
        """Write text as it is, and show it at once."""

    def complain(self, message: str) -> None:
        """Write a line for people, where it does not mix with results."""

    def ask(self, prompt: str) -> str:
        """Return a line of input. Raises `EOFError`, `KeyboardInterrupt`."""

    def width(self) -> int:
        """Return the present number of columns."""


def painted(console: Console, style: str, text: str) -> str:
    """Return the text in a style, if the terminal has colors."""
    code = STYLES.get(style)
    return f"\x1b[{code}m{text}\x1b[0m" if code and console.has_color else text


class SystemConsole:
    """The terminal of this process. Colors follow NO_COLOR, emoji CAIRN_EMOJI=0."""

    def __init__(
        self, out: Any, error: Any, *, color: bool = True, env: Mapping[str, str] = os.environ
    ) -> None:
        self._out = out
        self._error = error
        self._encoding = getattr(out, "encoding", None) or "utf-8"
        self.is_terminal = bool(out.isatty()) and env.get("TERM") != "dumb"
        self.has_color = self.is_terminal and color and not env.get("NO_COLOR")
        is_unicode = self._encoding.lower().replace("-", "") == "utf8"
        self.has_emoji = self.is_terminal and is_unicode and env.get("CAIRN_EMOJI") != "0"
        self.can_ask = not sys.stdin.closed

    def write(self, text: str) -> None:
        self._out.write(self._writable(text), ending="")
        self._out.flush()

    def complain(self, message: str) -> None:
        self._error.write(self._writable(message))
        self._error.flush()

    def ask(self, prompt: str) -> str:
        if self.is_terminal and sys.stdin.isatty():
            return input(self._writable(prompt))  # with line editing
        self.write(prompt)
        line = sys.stdin.readline()
        self.write("\n")
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def width(self) -> int:
        return shutil.get_terminal_size().columns

    def _writable(self, text: str) -> str:
        return text.encode(self._encoding, "replace").decode(self._encoding)
