"""Server-Sent Events from bytes, however they are cut.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import re
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Frame:
    data: str
    id: str


class Parser:
    """What is unfinished when the stream ends is no frame."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self._id = ""
        self._is_new = True

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the frames that are whole now; one without data has only moved the id."""
        self._rest += chunk
        found = []
        start = 0
        for end in _LINE_END.finditer(self._rest):
            if end.group() == b"\r" and end.end() == len(self._rest):
                break  # the line feed that belongs to it may be still to come
            line = self._rest[start : end.start()].decode("utf-8", "replace")
            start = end.end()
            if self._is_new:
                line, self._is_new = line.removeprefix("\ufeff"), False
            if line:
                self._field(line)
            else:
                found.append(Frame("\n".join(self._data), self._id))
                self._data = []
        self._rest = self._rest[start:]
        return found

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
