"""Text for a terminal: harmless, and as wide as it looks."""

import textwrap
import unicodedata
from collections.abc import Iterator

KEPT = "\n\t"
# Controls could move the cursor, rename the window or answer for the reader; the directional
# ones show text in another order than it is stored.
DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: str) -> str:
    """Return text from models and people without anything a terminal would obey."""
    return "".join(
        sign
        for sign in text
        if sign in KEPT or (unicodedata.category(sign) != "Cc" and sign not in DIRECTIONAL)
    )


def one_line(text: str) -> str:
    return " ".join(safe(text).split())


def width(text: str) -> int:
    """Return how many columns the text takes: two for wide signs, none for combining ones."""
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """Shorten the text to a number of columns; an ellipsis says that something is missing."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for sign in text:
        if used + _columns(sign) > columns - 1:
            break
        kept += sign
        used += _columns(sign)
    return f"{kept}…" if columns > 0 else ""


def wrapped(text: str, columns: int, indent: str = "  ") -> Iterator[str]:
    """Yield lines of at most so many columns, each line of the text for itself."""
    for line in safe(text).splitlines():
        body = line.lstrip()
        if body.startswith("|"):  # a table: the terminal wraps it better than we could
            yield indent + body
            continue
        lead = indent + " " * min(8, len(line) - len(body))
        hanging = lead + ("  " if body.startswith(("- ", "* ")) else "")
        yield from textwrap.wrap(
            body,
            max(20, columns),
            initial_indent=lead,
            subsequent_indent=hanging,
            break_on_hyphens=False,
            break_long_words=False,
        ) or [""]
