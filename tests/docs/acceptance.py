"""Make docs/acceptance.md from the docstrings of the tests.

A test names the rows it proves in its docstring: "Rows 2-1 and 2-2." or "Reliability 3.", a
JavaScript test in the comment above it.
Run `python -m tests.docs.acceptance` to write the page.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.docs.acceptance_rows import OPEN, PLACES, RELIABILITY, ROWS
from tests.docs.rows_of_chats import INSIGHT, SIGNALS, UNIFIED
from tests.docs.rows_of_strategies import PLACES as STRATEGY_PLACES
from tests.docs.rows_of_strategies import STRATEGIES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "acceptance.md"
ROW = re.compile(r"\b([0-4]-\d{1,2})(?:\s*(?:\.\.+|to)\s*([0-4]-\d{1,2}))?")
RELIABLE = re.compile(r"[Rr]eliability(?: rows?)?((?:[ ,]| and )+\d{1,2})+")
JAVASCRIPT = re.compile(r'^// (Rows? .+)\n(?:for .+\n\s*)?test\("(.+?)",', re.MULTILINE)
SOURCES = {
    "One stream pattern for initialisation and chat": UNIFIED,
    "A chat in real time": INSIGHT,
    "Planning with checkpoints": ROWS,
    "Strategy generation": STRATEGIES,
    "Signals and pulled content": SIGNALS,
}
HEAD = """# What works, test by test

Made by `python -m tests.docs.acceptance` from the docstrings of the tests; do not edit.

"""


def _docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each test's name and all docstrings around it."""
    tree = ast.parse(path.read_text())
    module = ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
            "test"
        ):
            yield node.name, f"{module}\n{ast.get_docstring(node) or ''}"


def _rows(text: str) -> set[str]:
    found: set[str] = set()
    for first, last in ROW.findall(text):
        source, number = first.split("-")
        end = int(last.split("-")[1]) if last else int(number)
        found |= {f"{source}-{one}" for one in range(int(number), end + 1)}
    return found


def _javascript() -> Iterator[tuple[str, str]]:
    """Yield each row that a JavaScript test proves, with the test."""
    for path in sorted((ROOT / "tests" / "js").glob("*.test.js")):
        for text, name in JAVASCRIPT.findall(path.read_text()):
            for row in _rows(text):
                yield row, f"`{path.relative_to(ROOT)}`: {name}"


def collect() -> tuple[dict[str, list[str]], dict[int, list[str]]]:
    """Return the tests that prove each acceptance row, and each reliability row."""
    rows: dict[str, list[str]] = defaultdict(list)
    reliable: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, text in _docstrings(path):
            place = f"`{path.relative_to(ROOT)}::{name}`"
            for row in _rows(text):
                rows[row].append(place)
            for match in RELIABLE.finditer(text):
                for number in re.findall(r"\d+", match.group()):
                    reliable[int(number)].append(place)
    for row, place in _javascript():
        rows[row].append(place)
    for row, places in {**PLACES, **STRATEGY_PLACES}.items():
        rows[row] += [f"[{place}](../{place})" for place in places]
    return rows, reliable


def _cell(places: list[str]) -> str:
    shown = list(dict.fromkeys(places))
    more = f", and {len(shown) - 4} more" if len(shown) > 4 else ""
    return "<br>".join(shown[:4]) + more


def _shown(row: str, places: list[str]) -> str:
    return f"open: {OPEN[row]}" if row in OPEN else _cell(places)


def page() -> str:
    rows, reliable = collect()
    lines = [HEAD.rstrip()]
    for title, asked in SOURCES.items():
        lines += ["", f"## {title}", "", "| row | what | shown by |", "|---|---|---|"]
        lines += [f"| {row} | {what} | {_shown(row, rows[row])} |" for row, what in asked.items()]
    lines += ["", "## Reliability and security", "", "| row | what | shown by |", "|---|---|---|"]
    lines += [f"| R{n} | {what} | {_cell(reliable[n])} |" for n, what in RELIABILITY.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
