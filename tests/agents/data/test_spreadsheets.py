import datetime
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agents.data.limits import DataLimits
from agents.exceptions import Cancelled
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads
from tests.agents.data.stored import SetAfter
from tests.agents.data.workbooks import Formula, Sheets, ods, unzipped, xls, xlsx, zipped

BOOK: Sheets = {
    "People": [["name", "age"], ["Ada", 36], ["Alan", 41.5]],
    "Cities": [["city"], ["Bonn"]],
}


def refused(uploads: Uploads, limits: DataLimits | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        uploads.load(limits=limits or DataLimits())
    return raised.value.code


@pytest.mark.parametrize(
    ("name", "data"), [("b.xlsx", xlsx(BOOK)), ("b.xls", xls(BOOK)), ("b.ods", ods(BOOK))]
)
def test_each_sheet_becomes_a_table(uploads: Uploads, name: str, data: bytes) -> None:
    uploads.add(name, data)

    manifest = uploads.load()

    assert [(table.name, table.source) for table in manifest.tables] == [
        ("People", f"{name}: People"),
        ("Cities", f"{name}: Cities"),
    ]
    assert uploads.table("People").columns == ("name", "age")
    assert uploads.table("People").rows == (("Ada", 36.0), ("Alan", 41.5))


def test_a_book_of_one_sheet_is_called_like_its_file(uploads: Uploads) -> None:
    uploads.add("sales 2024.xlsx", xlsx({"Sheet1": [["a"], [1]], "Empty": []}))

    assert [table.name for table in uploads.load().tables] == ["sales_2024"]


def test_the_file_may_lie_anywhere(tmp_path: Path) -> None:
    place = tmp_path / "\u00fc [1] 'x'"
    place.mkdir()
    uploads = Uploads(place)
    uploads.add("t.xlsx", xlsx(BOOK))

    assert len(uploads.load().tables) == 2


def test_cells_keep_their_types(uploads: Uploads) -> None:
    day = datetime.date(2024, 2, 29)
    rows = [
        ["whole", "part", "text", "day", "yes", "code"],
        [1, 1.5, "x", day, True, "007"],
        [2, 2, "NA", None, False, "12"],
    ]
    uploads.add("t.xlsx", xlsx({"a": rows}))

    uploads.load()

    assert uploads.table().types == (
        *("BIGINT", "DOUBLE", "VARCHAR"),
        *("DATE", "BOOLEAN", "VARCHAR"),
    )
    assert uploads.table().rows == (
        (1, 1.5, "x", "2024-02-29", True, "007"),
        (2, 2.0, None, None, False, "12"),
    )


def test_formulas_are_read_as_the_values_they_had(uploads: Uploads) -> None:
    rows = [["a", "b"], [Formula("6*7"), "=6*7"], [Formula("HYPERLINK(1)"), "@x"]]
    uploads.add("t.xlsx", xlsx({"a": rows}))

    uploads.load()

    assert uploads.table().rows == ((42, "=6*7"), (42, "@x"))


def test_titles_above_the_header_and_empty_rows_are_left_out(uploads: Uploads) -> None:
    rows = [["Report 2024"], [], ["a", "b", "c"], [1, 2, 3], [], [4, 5, 6]]
    uploads.add("t.xlsx", xlsx({"a": rows}))

    manifest = uploads.load()

    assert uploads.table().columns == ("a", "b", "c")
    assert uploads.table().rows == ((1, 2, 3), (4, 5, 6))
    assert [issue.code for issue in manifest.issues] == ["lines_left_out"]


def test_columns_of_numbers_with_words_among_them_are_text_and_told(uploads: Uploads) -> None:
    rows = [["v"], *[[number] for number in range(20)], ["many"]]
    uploads.add("t.xlsx", xlsx({"a": rows}))

    manifest = uploads.load()

    assert uploads.table().types == ("VARCHAR",)
    assert [issue.code for issue in manifest.issues] == ["mixed_types"]


def test_hostile_sheet_and_column_names_are_only_names(uploads: Uploads) -> None:
    rows = [['a"; DROP TABLE t; --', "a\u202eb", "A\u202eB"], [1, 2, 3]]
    uploads.add("t.xlsx", xlsx({'"; DROP TABLE t; --': rows, "../x": rows}))

    manifest = uploads.load()

    assert [table.name for table in manifest.tables] == ["DROP_TABLE_t", "x"]
    assert uploads.table().columns == ('a"; DROP TABLE t; --', "a b", "A B_2")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.xlsx", b"no book", "type_mismatch"),
        ("t.xls", b"no book", "type_mismatch"),
        ("t.xls", xlsx(BOOK), "type_mismatch"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0" + bytes(2000), "encrypted"),
        ("t.xls", xls(BOOK, locked=True), "encrypted"),
        ("t.xlsx", zipped({"a.txt": "x"}), "corrupt"),
        ("t.ods", zipped({"a.txt": "x"}), "corrupt"),
        ("t.xlsx", xlsx(BOOK)[:-40], "corrupt"),
        ("t.xls", b"\xd0\xcf\x11\xe0" + bytes(2000), "corrupt"),
        ("t.xls", xls(BOOK)[:1500], "corrupt"),
        ("t.xlsx", xlsx({"a": []}), "empty"),
        ("t.xlsx", xlsx({"a": [["only", "a", "header"]]}), "empty"),
    ],
)
def test_other_files_are_refused(uploads: Uploads, name: str, data: bytes, code: str) -> None:
    uploads.add(name, data)

    assert refused(uploads) == code


def test_a_bomb_in_a_book_is_refused_before_it_is_read(uploads: Uploads) -> None:
    sheet = "<worksheet><sheetData>" + " " * 5_000_000 + "</sheetData></worksheet>"
    uploads.add("t.xlsx", zipped({"xl/worksheets/sheet1.xml": sheet}))

    assert refused(uploads, DataLimits(unpacked=1_000_000)) == "too_large"


def test_two_cells_far_apart_do_not_fill_the_memory(uploads: Uploads) -> None:
    book = xlsx({"a": [["name"], [1]]})
    members = unzipped(book)
    sheet = members["xl/worksheets/sheet1.xml"]
    far = sheet.replace('<row r="2"><c r="A2"', '<row r="1048576"><c r="XFD1048576"')
    uploads.add("t.xlsx", zipped({**members, "xl/worksheets/sheet1.xml": far}))

    assert far != sheet
    assert refused(uploads) == "too_large"


def test_too_many_cells_and_columns_are_refused(uploads: Uploads) -> None:
    uploads.add("t.xlsx", xlsx({"a": [[f"c{n}" for n in range(1001)], list(range(1001))]}))

    assert refused(uploads) == "too_large"
    assert refused(uploads, DataLimits(cells=100)) == "too_large"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, set[str]]]:
    """The processes that are started: the number of each, and what its environment names."""
    found: list[tuple[int, set[str]]] = []
    popen: Any = subprocess.Popen

    class Recorded(popen):  # type: ignore[misc]
        def __init__(self, *args: object, env: dict[str, str], **options: object) -> None:
            super().__init__(*args, env=env, **options)
            found.append((self.pid, set(env)))

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return found


def test_cancelling_ends_the_process_that_reads(
    uploads: Uploads, started: list[tuple[int, set[str]]]
) -> None:
    rows = [["a", "b", "c"], *[[n, f"row {n}", n * 1.5] for n in range(60_000)]]
    uploads.add("t.xlsx", xlsx({"a": rows}))
    cancel = SetAfter(0.2)

    with pytest.raises(Cancelled):
        uploads.load(cancel)

    assert 0 <= cancel.late < 1
    for pid, _ in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_book_that_takes_too_long_is_refused(uploads: Uploads) -> None:
    uploads.add("t.xlsx", xlsx(BOOK))

    assert refused(uploads, DataLimits(seconds=0.0)) == "too_large"


def test_the_process_that_reads_is_told_no_secrets(
    uploads: Uploads, started: list[tuple[int, set[str]]]
) -> None:
    uploads.add("t.xlsx", xlsx(BOOK))

    uploads.load()

    [(_, environment)] = started
    assert environment == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
