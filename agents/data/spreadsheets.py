"""Spreadsheets (.xlsx, .xls, .ods): one table for each sheet, values only.

They are read by a process of their own, with a limit of memory, which is ended when nobody wants
the result any more: the formats are too rich to trust a file not to crash its reader.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agents.data import delimited, packed, text_types
from agents.data.cell_rows import NULL
from agents.data.delimited import NULLS
from agents.data.limits import Note, check_columns, check_rows, corrupt, empty, too_large
from agents.data.naming import column_names, literal
from agents.data.sheet_process import CORRUPT, ENCRYPTED
from agents.data.wording import counted
from agents.data.work import Found, Upload, Work
from agents.reading_limits import Unreadable

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 3_000_000_000
POLL_SECONDS = 0.05


def tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find a table in each sheet that has rows."""
    if not upload.name.lower().endswith(".xls"):
        packed.check_zip(upload, work)
    folder = work.path("")
    folder.mkdir()
    sheets = _sheets(upload, folder, work)
    filled = [sheet for sheet in sheets if sheet["rows"]]
    if not filled:
        raise empty(upload.name, "has no sheet with a header and rows")
    for sheet in filled:
        title = upload.stem if len(filled) == 1 else str(sheet["title"])
        yield _table(sheet, title, folder, upload, work)


def _table(sheet: Mapping[str, Any], title: str, folder: Path, upload: Upload, work: Work) -> Found:
    name = f"{upload.name}: {sheet['title']}"
    check_columns(name, sheet["width"], work.limits)
    check_rows(name, sheet["rows"], work.limits)
    names = column_names((*sheet["titles"], *[""] * sheet["width"])[: sheet["width"]])
    shape = delimited.Shape(",", 0, has_header=False, names=names)
    raw = delimited.as_texts(work, folder / sheet["file"], shape, nulls=(NULL, *NULLS))
    source = f"read_parquet({literal(str(raw))})"
    typed = text_types.typed(work, source, names, only_text=sheet["only_text"])
    notes = list(typed.notes)
    if sheet["skipped"]:
        message = f"{counted(sheet['skipped'], 'row')} above the header left out."
        notes.append(Note(code="lines_left_out", message=message))
    return Found(title=title, source=name, select=typed.select, notes=tuple(notes))


def _sheets(upload: Upload, folder: Path, work: Work) -> list[dict[str, Any]]:
    told = folder / "sheets.jsonl"
    # The reader goes by the end of the name, which the upload's own path need not have.
    book = folder / f"book{Path(upload.name).suffix.lower()}"
    book.symlink_to(upload.path.resolve())
    command = [sys.executable, "-m", "agents.data.sheet_process", str(book)]
    limits = work.limits
    numbers = (limits.cells, MEMORY, limits.unpacked, int(limits.seconds) + 1)
    command += [str(folder), *map(str, numbers)]
    with (
        told.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - this Python, this package, and paths as arguments
            command,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        code = _awaited(process, upload, work)
    if code == ENCRYPTED:
        message = f"{upload.name} is locked by a password. Upload it without one."
        raise Unreadable(message, code="encrypted")
    if code in (1, CORRUPT):
        raise corrupt(upload.name, "it is no spreadsheet, or a damaged one")
    if code:
        raise _too_large(upload, work)
    return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def _awaited(process: subprocess.Popen[bytes], upload: Upload, work: Work) -> int:
    deadline = time.monotonic() + work.limits.seconds
    try:
        while True:
            work.check()
            if time.monotonic() > deadline:
                raise _too_large(upload, work)
            try:
                return process.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
    finally:
        process.kill()


def _too_large(upload: Upload, work: Work) -> Unreadable:
    most = f"{work.limits.cells:,} cells"
    return too_large(upload.name, "too many cells", most, "Save its sheets as CSV files.")
