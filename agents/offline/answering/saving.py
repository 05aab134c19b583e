"""Requests to save something: "export the result as csv", "save that as report.md"."""

import re
from dataclasses import dataclass

from agents.offline.answering.word_lists import words_of

VERB = r"(?:save|export|write|download|store|put|dump)"
START = re.compile(
    rf"(?:^|\b(?:and|then|,|;|\.)\s+(?:then\s+)?(?:please\s+)?|^(?:please|can you|could you|now|ok|then)[, ]+(?:please )?)"
    rf"(?P<verb>{VERB})\b",
    re.IGNORECASE,
)
PATH = re.compile(r"[\"'`]?(?P<path>[^\s\"'`,;]*(?:[./\\~])[^\s\"'`,;]*)[\"'`]?")
NAMED = re.compile(
    r"\b(?:as|to|in|into|under|called|named|file)\s+(?:a\s+|the\s+)?(?:file\s+)?"
    r"(?:(?:called|named)\s+)?[\"'`]?(?P<path>[^\s\"'`,;]+)[\"'`]?",
    re.IGNORECASE,
)
CSV = re.compile(r"\bcsv\b|\bspreadsheet\b|\bexcel\b", re.IGNORECASE)
REPORT = re.compile(r"\breport\b|\bmarkdown\b|\bconversation\b|\bmd\b|\bsummary\b", re.IGNORECASE)
OBJECT = re.compile(
    r"\b(?:that|it|this|them|these|those|result|results|table|answer|data|report|conversation|"
    r"rows|output|file|csv|markdown|everything|summary)\b",
    re.IGNORECASE,
)
DEFAULTS = {"csv": "result.csv", "md": "report.md"}
WORDS = frozenset(words_of("csv markdown md file report it that this the a"))
SPLIT = re.compile(rf"\s+(?:and|then|,)\s+(?:then\s+)?(?=(?:please\s+)?{VERB}\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaveRequest:
    path: str
    format: str


@dataclass(frozen=True, slots=True)
class Split:
    """A message as what it asks of the data, which may be nothing, and what it asks to save."""

    question: str
    saves: tuple[SaveRequest, ...]


def split(question: str) -> Split:
    """Tell what is to be saved from what is asked before."""
    match = START.search(question)
    if match is None:
        return Split(question, ())
    front = question[: match.start()].strip(" ,;.")
    clauses = SPLIT.split(question[match.start("verb") :])
    if not all(OBJECT.search(clause) or PATH.search(clause) for clause in clauses):
        return Split(question, ())
    return Split(front, tuple(_save(clause) for clause in clauses))


def _save(clause: str) -> SaveRequest:
    path = _path(clause)
    suffix = path.rpartition(".")[2].lower() if "." in path else ""
    if suffix in DEFAULTS:
        return SaveRequest(path, suffix)
    wants_report = REPORT.search(clause) is not None and CSV.search(clause) is None
    format_ = "md" if wants_report else "csv"
    if not path:
        return SaveRequest(DEFAULTS[format_], format_)
    is_bare = not suffix and "/" not in path and "\\" not in path
    return SaveRequest(f"{path}.{format_}" if is_bare else path, format_)


def _path(clause: str) -> str:
    """Return the path that is named, just as it was written: whether it is allowed, the tool says."""
    found = PATH.search(clause.rstrip(" .!?"))
    if found is not None:
        return found["path"]
    named = [one["path"].strip(".!?") for one in NAMED.finditer(clause)]
    named = [one for one in named if one.lower() not in WORDS]
    return named[0] if named else ""
