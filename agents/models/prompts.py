"""Prompts: Markdown files with `{{names}}`, and fences around the text of others.

What comes from documents, data, tools and earlier turns stands between two lines with a random
word that nobody outside can know, and the instructions say that nothing between them is an
instruction. That asks the model to behave; what it cannot do if it does not is settled by the
tools it has (`agents.models.tools`).
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "prompts"
PLACE = re.compile(r"\{\{(\w+)\}\}")
LABEL = re.compile(r"[^\w .,#@/-]")
LONGEST_LABEL = 80
CUT = "\n[cut here: the rest does not fit]"
# Kept of the characters that are not seen: the others hide text, or turn the direction of others.
SEEN = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told: how to work, and what to work on."""

    instructions: str
    question: str


@dataclass(frozen=True, slots=True)
class Fence:
    """Marks the text of others. One fence serves one conversation, so that it stays the same."""

    boundary: str = field(default_factory=lambda: secrets.token_hex(8))

    def data(self, text: str, label: str, *, most: int = 0) -> str:
        """Return the text between two lines that it cannot contain; cut after `most` characters."""
        inside = visible(text)
        if most and len(inside) > most:
            inside = inside[: max(most - len(CUT), 0)] + CUT
        inside = inside.replace(self.boundary, "")
        words = LABEL.sub(" ", visible(label).replace(self.boundary, "")).split()
        name = " ".join(words)[:LONGEST_LABEL]
        return f"<<<DATA {self.boundary} {name}>>>\n{inside}\n<<<END {self.boundary}>>>"

    def rule(self) -> str:
        """Return the instruction that says what the lines mean."""
        return render("fence", boundary=self.boundary)


def visible(text: str) -> str:
    """Return the text without characters that are not seen."""
    return "".join(
        character
        for character in text
        if character in SEEN or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )


def render(name: str, **values: str) -> str:
    """Return the prompt of that name with its values; each has to be used, and none may miss.

    Values are put in as they are: what looks like a place for another value is left alone.
    """
    text = _text(name)
    places = set(PLACE.findall(text))
    if places != set(values):
        message = f"The prompt {name} has places for {sorted(places)}, not {sorted(values)}."
        raise ValueError(message)
    return PLACE.sub(lambda found: values[found[1]], text)


def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.md")))


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()
