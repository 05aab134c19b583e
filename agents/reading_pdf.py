"""The text of a PDF file, guarded against files made to exhaust time or memory.

Pages, characters and seconds are limited, the last even within a page; pypdf itself limits what
a compressed stream may grow to.
"""

import re
import time
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from agents.reading_limits import Limits, Unreadable

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

# "1.2 Results", alone on its line, is a heading: give it a paragraph of its own.
NUMBERED_HEADING = re.compile(r"^(?:\d{1,2}\.)*\d{1,2}\.?\s+[A-Z][^.!?]{2,70}$")
CONTENTS_LINE = re.compile(r" \.{4}\s*\w{0,5}\s*$")
PAGE_NUMBER = re.compile(r"^\s*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,7})\s*$", re.IGNORECASE)
LEADERS = re.compile(r"(?:\s*\.){5,}")
LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
)
TITLE_WORDS = 8
SMALL_WORDS = 3  # letters of the words that a title may write small
HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def text(data: bytes, name: str, limits: Limits) -> str:
    """Return the text of all pages, with a blank line between pages."""
    # pypdf takes a fifth of a second to import, and most programs never read a PDF.
    from pypdf.errors import LimitReachedError, PyPdfError  # noqa: PLC0415

    try:
        return "\n\n".join(_pages(data, name, limits))
    except Unreadable:
        raise
    except LimitReachedError as error:
        raise _too_large(name, "unpacks to more than is read") from error
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        ArithmeticError,
        NotImplementedError,
        AssertionError,
    ) as error:
        # A broken file makes pypdf fail in as many ways as there are ways to be broken.
        message = (
            f"{name} is a broken PDF file ({type(error).__name__}). "
            "Open it in a PDF reader and print it to a new file, or upload its text."
        )
        raise Unreadable(message, code="corrupt") from error


def _pages(data: bytes, name: str, limits: Limits) -> Iterator[str]:
    deadline = time.monotonic() + limits.seconds
    reader = _open(data, name)
    if len(reader.pages) > limits.pages:
        count = f"has {len(reader.pages):,} pages; at most {limits.pages:,} are read"
        raise _too_large(name, count)
    characters = 0
    for page in reader.pages:
        found = _page(page, name, deadline)
        characters += len(found)
        if characters > limits.characters:
            raise _too_large(name, f"has more than {limits.characters:,} characters")
        yield found
    if not characters:
        message = (
            f"{name} has no text, only pictures of it. Run it through character recognition "
            "(OCR) first, or upload its text."
        )
        raise Unreadable(message, code="empty")


def _open(data: bytes, name: str) -> "PdfReader":
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(BytesIO(data))
    # Many files are encrypted with an empty password, only to forbid printing: those are read.
    if reader.is_encrypted and not reader.decrypt(""):
        message = f"{name} is protected by a password. Save it without one and upload it again."
        raise Unreadable(message, code="encrypted")
    return reader


def _page(page: "PageObject", name: str, deadline: float) -> str:
    def check(*_: object) -> None:
        if time.monotonic() > deadline:
            raise _too_large(name, "takes too long to read")

    check()
    raw = page.extract_text(visitor_operand_before=check).translate(LIGATURES)
    lines = [line for line in LEADERS.sub(" ....", raw).splitlines() if not PAGE_NUMBER.match(line)]
    laid_out = "\n".join(
        f"\n{line}\n" if _stands_alone(line, before) else line
        for before, line in zip(["", *lines], lines, strict=False)
    )
    return HYPHENATED.sub("", laid_out).strip()


def _stands_alone(line: str, before: str) -> bool:
    """Tell whether a line is a heading or of a table of contents, not part of a sentence."""
    if NUMBERED_HEADING.match(line) or CONTENTS_LINE.search(line):
        return True
    words = line.split()
    after_end = not before.strip() or before.rstrip().endswith((".", ":", "!", "?"))
    titled = all(word[0].isupper() or len(word) <= SMALL_WORDS for word in words)
    return after_end and 0 < len(words) <= TITLE_WORDS and titled and line.strip()[-1].isalnum()


def _too_large(name: str, why: str) -> Unreadable:
    message = f"{name} {why}. Split it, or upload the part that matters."
    return Unreadable(message, code="too_large")
