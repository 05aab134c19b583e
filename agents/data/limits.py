"""How much of a data file is read, and what is said of one that is not."""

from dataclasses import dataclass
from typing import Literal

from agents.data_model import Issue
from agents.reading_limits import Unreadable

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLimits:
    bytes: int = 1_000_000_000  # of a file as it was uploaded
    unpacked: int = 2_000_000_000  # of what is in it, once unpacked
    tables: int = 50  # of all files together
    columns: int = 1_000  # of a table
    rows: int = 5_000_000  # of a table
    cells: int = 10_000_000  # of a spreadsheet: it is read into memory as a whole
    seconds: float = 120.0  # for a spreadsheet


DEFAULT_LIMITS = DataLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something found while a table was read: an `Issue` before the table has its name."""

    code: str
    message: str
    severity: Severity = "info"
    column: str = ""

    def issue(self, table: str) -> Issue:
        return Issue(
            severity=self.severity,
            code=self.code,
            table=table,
            column=self.column,
            message=self.message,
        )


def corrupt(name: str, why: str) -> Unreadable:
    message = f"{name} cannot be read: {why}. Open it where it was made and save it again."
    return Unreadable(message, code="corrupt")


def empty(name: str, why: str = "is empty") -> Unreadable:
    message = f"{name} {why}. Upload a file with a header and rows."
    return Unreadable(message, code="empty")


def too_large(name: str, what: str, most: str, advice: str) -> Unreadable:
    return Unreadable(f"{name} has {what}; at most {most} are read. {advice}", code="too_large")


def check_columns(name: str, count: int, limits: DataLimits) -> None:
    if count > limits.columns:
        advice = "Leave out the columns that do not matter."
        raise too_large(name, f"{count:,} columns", f"{limits.columns:,}", advice)


def check_rows(name: str, count: int, limits: DataLimits) -> None:
    if count > limits.rows:
        advice = "Upload a part of it, or totals."
        raise too_large(name, f"{count:,} rows", f"{limits.rows:,}", advice)


def check_unpacked(name: str, size: int, limits: DataLimits) -> None:
    if size > limits.unpacked:
        advice = "Upload a part of it."
        raise too_large(name, "too much data once unpacked", f"{limits.unpacked:,} bytes", advice)
