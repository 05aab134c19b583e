"""A process of its own that reads one spreadsheet: what a hostile file does to it ends with it.

    python -m agents.data.sheet_process FILE FOLDER CELLS MEMORY OUTPUT SECONDS

writes the cells of each sheet as `FOLDER/sheet1.csv` and so on, and a line of JSON for each to
the standard output. It ends with 0, or with one of the codes below.
"""

import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from agents.data import headers
from agents.data.cell_rows import CellWriter, text_of
from agents.data.headers import Cell

CORRUPT, ENCRYPTED, TOO_LARGE = 3, 4, 5
LONGEST_CELL = 32_767  # what spreadsheets themselves allow
# They keep all numbers as floats, in which whole ones are exact up to here.
EXACT = 2**53


class TooLargeError(Exception):
    """More cells than may be read."""


def main(arguments: Sequence[str]) -> int:
    path, folder, cells, memory, output, seconds = arguments
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        # Of the processor: nobody may be left to end this process if it runs on.
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(output), int(output)))
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    try:
        for told in _sheets(Path(path), Path(folder), int(cells)):
            sys.stdout.write(json.dumps(told) + "\n")
    except python_calamine.PasswordError:
        return ENCRYPTED
    except (MemoryError, TooLargeError):
        return TOO_LARGE
    except (python_calamine.CalamineError, OSError, ValueError):
        return CORRUPT
    return 0


def _sheets(path: Path, folder: Path, most: int) -> Iterator[dict[str, object]]:
    number = itertools.count(1)
    with CalamineWorkbook.from_path(path) as workbook:
        for place, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ is SheetTypeEnum.WorkSheet:
                found = workbook.get_sheet_by_index(place)
                most -= found.height * found.width
                if most < 0:
                    raise TooLargeError
                told = _sheet(found, folder / f"sheet{next(number)}.csv")
                yield {"title": sheet.name, **told}


def _sheet(sheet: CalamineSheet, path: Path) -> dict[str, object]:
    """Write the rows of a sheet from below its header on, and tell how it is laid out."""
    rows = (list(map(_plain, row)) for row in sheet.to_python(skip_empty_area=True))
    first = list(itertools.islice(rows, headers.SAMPLE_ROWS))
    found = headers.layout(first)
    start = found.skipped + bool(found.titles)
    with CellWriter(path, found.width) as writer:
        filled = (
            row
            for row in itertools.chain(first[start:], rows)
            if not all(map(headers.is_blank, row))
        )
        writer.write(filled)
    return {
        "file": path.name,
        "titles": [
            "" if title is None else title if isinstance(title, str) else text_of(title)
            for title in found.titles
        ],
        "width": found.width,
        "skipped": found.skipped,
        "rows": writer.rows,
        "only_text": writer.only_text,
    }


def _plain(cell: Cell) -> Cell:
    """Return a cell as a value; formulas come as the values they had."""
    if isinstance(cell, str):
        return cell[:LONGEST_CELL] or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return int(cell)
    return cell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
