"""Names of tables and columns: made safe once when a file is loaded, quoted in every SQL."""

import re
import unicodedata
from collections.abc import Collection, Sequence

LONGEST = 120
# What DuckDB keeps for itself: a table of that name would be hard to tell from a system's view.
RESERVED = re.compile(r"(?:pg_|duckdb_|sqlite_|pragma_|information_schema$)", re.IGNORECASE)
NOT_WORD = re.compile(r"\W+")


def quoted(name: str) -> str:
    """Return an identifier as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a string as SQL takes it: for settings and paths, where `?` is not possible."""
    return "'" + text.replace("'", "''") + "'"


def table_name(title: str, taken: Collection[str]) -> str:
    """Return a name for a table that needs no quotes: letters, digits and underscores."""
    name = NOT_WORD.sub("_", unicodedata.normalize("NFC", title))[:LONGEST].strip("_")
    if not name:
        name = "table"
    if name[0].isdigit() or RESERVED.match(name):
        name = f"t_{name}"
    return unique(name, taken)


def column_names(titles: Sequence[object]) -> tuple[str, ...]:
    """Return one name for each title: as the file has it, but printable, not empty and unique."""
    names: list[str] = []
    for place, title in enumerate(titles, start=1):
        names.append(unique(_printable(title) or f"column_{place}", names))
    return tuple(names)


def unique(name: str, taken: Collection[str]) -> str:
    """Return the name, numbered if it is taken: SQL does not tell upper case from lower."""
    used = {other.casefold() for other in taken}
    found, number = name, 2
    while found.casefold() in used:
        found = f"{name}_{number}"
        number += 1
    return found


def _printable(title: object) -> str:
    text = "" if title is None else str(title)
    visible = "".join(
        " " if unicodedata.category(character)[0] in "CZ" else character
        for character in text[: 4 * LONGEST]
    )
    return " ".join(visible.split())[:LONGEST].rstrip()
