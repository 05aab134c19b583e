"""Results as CSV that a spreadsheet opens without executing anything in it."""

import csv
from collections.abc import Sequence
from io import StringIO

from agents.data_model import Scalar

# What makes a spreadsheet take a cell for a formula, also behind spaces.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[Scalar]]) -> str:
    """Return a table as CSV in UTF-8 with a header; missing values are empty cells."""
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([csv_safe(name) for name in columns])
    writer.writerows([csv_safe(cell) for cell in row] for row in rows)
    return target.getvalue()


def csv_safe(cell: Scalar) -> Scalar:
    """Return a cell so that no spreadsheet takes its text for a formula; numbers stay numbers.

    Such a text gets an apostrophe in front, which spreadsheets read as "this is text".
    """
    if isinstance(cell, str) and (cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)):
        return f"'{cell}"
    return cell
