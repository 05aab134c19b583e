"""CSV and TSV files: their delimiter, header and rows. Lines that do not fit are kept if possible."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

import duckdb

from agents.data import headers, text_types
from agents.data.limits import Note, check_columns, check_rows, corrupt, empty
from agents.data.naming import column_names, literal
from agents.data.text_files import as_utf8
from agents.data.wording import counted
from agents.data.work import Found, Upload, Work

DELIMITERS = ",;\t|"
SAMPLE = 1 << 18  # characters
NULLS = ("", "NA", "N/A", "null", "NULL", "n/a", "#N/A", "NaN", "nan")
TOLD_LINES = 5
CHECK_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a file make a table: `skipped` lines come before its first row."""

    delimiter: str
    skipped: int
    has_header: bool
    names: tuple[str, ...]


def tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find the one table of the file."""
    text, notes = as_utf8(upload, work)
    shape = _shape(text)
    check_columns(upload.name, len(shape.names), work.limits)
    raw, more = _raw(text, shape, work)
    source = f"read_parquet({literal(str(raw))})"
    [(rows,)] = work.connection.rows(f"SELECT count(*) FROM {source}")
    check_rows(upload.name, rows, work.limits)
    if not rows:
        raise empty(upload.name, "has a header but no rows")
    typed = text_types.typed(work, source, shape.names, decimal_comma=shape.delimiter == ";")
    yield Found(
        title=upload.stem,
        source=upload.name,
        select=typed.select,
        notes=(*notes, *_preface(shape), *more, *typed.notes),
    )


def _preface(shape: Shape) -> tuple[Note, ...]:
    if not shape.skipped:
        return ()
    lines = counted(shape.skipped, "line")
    message = f"{lines} above the header left out."
    return (Note(code="lines_left_out", message=message),)


def _shape(text: Upload) -> Shape:
    with text.path.open(encoding="utf-8", newline="") as file:
        sample = file.read(SAMPLE)
        # A row cut in the middle would look shorter than it is.
        sample = sample if not file.read(1) else sample[: sample.rfind("\n") + 1] or sample
    if not sample.strip():
        raise empty(text.name)
    delimiter = "\t" if text.name.lower().endswith((".tsv", ".tab")) else _delimiter(sample)
    rows, lines = _sampled(sample, delimiter)
    found = headers.layout(rows)
    width = max([len(rows[found.skipped]), found.width])
    titles = (*found.titles, *[""] * width)[:width]
    skipped = lines[found.skipped - 1] if found.skipped else 0
    return Shape(delimiter, skipped, bool(found.titles), column_names(titles))


def _sampled(sample: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows, and the number of the line at which each ends."""
    reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter)
    rows, lines = [], []
    try:
        for row in islice(reader, headers.SAMPLE_ROWS):
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error:
        pass  # Told with its line when the whole file is read.
    return rows or [[]], lines or [0]


def _delimiter(sample: str) -> str:
    """Return the delimiter that splits the first rows most evenly; a comma if none does."""

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in _sampled(sample, delimiter)[0] if row]
        usual = max(widths, key=widths.count, default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(DELIMITERS, key=evenness)


def _raw(text: Upload, shape: Shape, work: Work) -> tuple[Path, list[Note]]:
    """Return all cells as text in a Parquet file, and what was wrong with the lines."""
    try:
        return as_texts(work, text.path, shape), []
    except duckdb.Error:
        # DuckDB stops at the first line that does not fit: go through them one by one.
        path, notes = _repaired(text, shape, work)
    even = Shape(",", 0, False, shape.names)
    try:
        return as_texts(work, path, even), notes
    except duckdb.Error as error:
        raise corrupt(text.name, "its lines make no table") from error


def as_texts(work: Work, path: Path, shape: Shape, nulls: Sequence[str] = NULLS) -> Path:
    """Read a CSV file that keeps to the rules; its columns become `c1`, `c2` and so on."""
    raw = work.path(".parquet")
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(1, len(shape.names) + 1))
    work.connection.rows(
        f"COPY (FROM read_csv({literal(str(path))}, auto_detect=false, compression='none', "
        f"skip={shape.skipped}, "
        f"delim={literal(shape.delimiter)}, quote='\"', escape='\"', header={shape.has_header}, "
        f"nullstr=[{', '.join(map(literal, nulls))}], columns={{{columns}}})) "
        f"TO {literal(str(raw))} (FORMAT parquet)"
    )
    return raw


def _repaired(text: Upload, shape: Shape, work: Work) -> tuple[Path, list[Note]]:
    """Write the rows again, each with as many cells as there are columns."""
    try:
        return _rewritten(text, shape, work, strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise corrupt(text.name, "a quoted cell is never closed") from error
    try:
        path, notes = _rewritten(text, shape, work, strict=False)
    except csv.Error as error:
        raise corrupt(text.name, f"its lines make no table ({error})") from error
    message = "Some quotes break the rules of CSV; their cells may not be what was meant."
    return path, [*notes, Note(code="bad_quotes", message=message, severity="warning")]


def _rewritten(text: Upload, shape: Shape, work: Work, *, strict: bool) -> tuple[Path, list[Note]]:
    path = work.path(".csv")
    width, short, long = len(shape.names), [], []
    with (
        text.path.open(encoding="utf-8-sig", newline="") as source,
        path.open("w", encoding="utf-8", newline="") as target,
    ):
        for _ in range(shape.skipped):
            next(source, "")
        reader = csv.reader(source, delimiter=shape.delimiter, strict=strict)
        writer = csv.writer(target, quoting=csv.QUOTE_ALL)
        if shape.has_header:
            next(reader, [])
        for number, row in enumerate(filter(None, reader)):
            if number % CHECK_EVERY == 0:
                work.check()
            if len(row) < width:
                short.append(shape.skipped + reader.line_num)
            elif any(cell.strip() for cell in row[width:]):
                long.append(shape.skipped + reader.line_num)
            writer.writerow((row + [""] * width)[:width])
    return path, [
        *_ragged(short, "fewer", "the missing cells were left empty"),
        *_ragged(long, "more", "the cells beyond were left out"),
    ]


def _ragged(lines: Sequence[int], which: str, done: str) -> Iterator[Note]:
    if lines:
        told = ", ".join(map(str, lines[:TOLD_LINES])) + ("\u2026" if lines[TOLD_LINES:] else "")
        message = (
            f"{counted(len(lines), 'line has', 'lines have')} {which} cells than there are "
            f"columns (line {told}); {done}."
        )
        yield Note(code="ragged_lines", message=message, severity="warning")
