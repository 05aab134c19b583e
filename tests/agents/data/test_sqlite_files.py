import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agents.data.limits import DataLimits
from agents.data.manifest import ForeignKey
from agents.exceptions import Cancelled
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads
from tests.agents.data.stored import SetAfter


def made(place: Path, script: str) -> bytes:
    path = place / "made.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(script)
    return path.read_bytes()


SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, joined TEXT, score REAL);
CREATE TABLE orders (
    number INTEGER, line INTEGER, customer INTEGER REFERENCES customers, price NUMERIC, code TEXT,
    PRIMARY KEY (number, line)
);
CREATE TABLE notes (number INTEGER, line INTEGER, note TEXT,
    FOREIGN KEY (number, line) REFERENCES orders (number, line));
CREATE VIEW evil AS WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT * FROM n;
INSERT INTO customers VALUES (1, 'Ada', '2024-02-29', 1.0), (2, 'NA', NULL, 2.5);
INSERT INTO orders VALUES (1, 1, 1, 9.5, '007'), (1, 2, 2, 10, ''), (2, 1, 1, NULL, NULL);
"""


def test_tables_are_kept_with_the_keys_that_the_file_declares(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads.add("shop.db", made(tmp_path, SHOP))

    manifest = uploads.load()

    tables = {table.name: table for table in manifest.tables}
    assert list(tables) == ["customers", "notes", "orders"]
    assert tables["customers"].primary_key == ("id",)
    assert tables["orders"].primary_key == ("number", "line")
    assert tables["orders"].foreign_keys == (
        ForeignKey(columns=("customer",), to_table="customers", to_columns=("id",)),
    )
    assert tables["notes"].foreign_keys == (
        ForeignKey(columns=("number", "line"), to_table="orders", to_columns=("number", "line")),
    )
    assert tables["notes"].rows == 0


def test_values_keep_their_types_and_null_differs_from_empty(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads.add("shop.sqlite", made(tmp_path, SHOP))

    uploads.load()

    assert uploads.table("customers").rows == (
        (1, "Ada", "2024-02-29", 1.0),
        (2, "NA", None, 2.5),
    )
    assert uploads.table("customers").types == ("BIGINT", "VARCHAR", "DATE", "DOUBLE")
    assert uploads.table("orders").rows == (
        (1, 1, 1, 9.5, "007"),
        (1, 2, 2, 10.0, ""),
        (2, 1, 1, None, None),
    )


def test_texts_of_digits_stay_text(uploads: Uploads, tmp_path: Path) -> None:
    script = "CREATE TABLE t (a TEXT, b INTEGER); INSERT INTO t VALUES ('12', 12), ('13', 13)"
    uploads.add("t.db", made(tmp_path, script))

    uploads.load()

    assert uploads.table().types == ("VARCHAR", "BIGINT")


def test_mixed_values_and_bytes_are_kept_as_text(uploads: Uploads, tmp_path: Path) -> None:
    script = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, x'AABB'), ('x', NULL), (2.5, x'00')"
    uploads.add("t.db", made(tmp_path, script))

    uploads.load()

    assert uploads.table().rows == (("1", "aabb"), ("x", None), ("2.5", "00"))


def test_hostile_names_are_only_names(uploads: Uploads, tmp_path: Path) -> None:
    script = """
    CREATE TABLE "t""; DROP TABLE x; --" ("a""; DELETE FROM t; --" INTEGER, "" TEXT);
    INSERT INTO "t""; DROP TABLE x; --" VALUES (1, 'x');
    CREATE TABLE "sqlite" (a); INSERT INTO "sqlite" VALUES (1);
    CREATE TABLE "pg_class" (a); INSERT INTO "pg_class" VALUES (1);
    """
    uploads.add("t.db", made(tmp_path, script))

    manifest = uploads.load()

    assert [table.name for table in manifest.tables] == [
        "t_pg_class",
        "sqlite",
        "t_DROP_TABLE_x",
    ]
    assert uploads.table("t_DROP_TABLE_x").columns == ('a"; DELETE FROM t; --', "column_2")


def test_programs_in_the_file_are_not_run(uploads: Uploads, tmp_path: Path) -> None:
    script = """
    CREATE TABLE t (a INTEGER, bomb GENERATED ALWAYS AS (hex(zeroblob(20000000))) VIRTUAL);
    INSERT INTO t (a) VALUES (1);
    CREATE VIRTUAL TABLE search USING fts5(text);
    """
    uploads.add("t.db", made(tmp_path, script))

    manifest = uploads.load()

    assert [table.name for table in manifest.tables] == ["t"]
    assert uploads.table().columns == ("a",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"SQLite format 3\0", "corrupt"),
        (b"SQLite format 3\0" + bytes(5000), "corrupt"),
        (b"no database at all", "type_mismatch"),
    ],
)
def test_what_is_no_database_is_refused(uploads: Uploads, data: bytes, code: str) -> None:
    uploads.add("t.db", data)

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == code


def test_a_damaged_database_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    script = """
    CREATE TABLE t (a);
    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n LIMIT 1000)
    INSERT INTO t SELECT hex(zeroblob(50)) || i FROM n;
    """
    data = bytearray(made(tmp_path, script))
    data[8192:40960] = b"\xff" * 32768
    uploads.add("t.db", bytes(data))

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == "corrupt"


def test_a_database_without_tables_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    uploads.add("t.db", made(tmp_path, "CREATE TABLE t (a); DROP TABLE t"))

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == "empty"


@pytest.mark.parametrize(
    ("script", "limits"),
    [
        ("".join(f"CREATE TABLE t{n} (a);" for n in range(51)), DataLimits()),
        (f"CREATE TABLE t ({', '.join(f'c{n}' for n in range(1001))})", DataLimits()),
        ("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)", DataLimits(rows=2)),
    ],
)
def test_too_much_is_refused(
    uploads: Uploads, tmp_path: Path, script: str, limits: DataLimits
) -> None:
    uploads.add("t.db", made(tmp_path, script))

    with pytest.raises(Unreadable) as raised:
        uploads.load(limits=limits)

    assert raised.value.code == "too_large"


def test_cancelling_ends_the_reading_of_a_large_table(uploads: Uploads, tmp_path: Path) -> None:
    script = """
    CREATE TABLE t (a, b);
    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n LIMIT 1500000)
    INSERT INTO t SELECT i, 'row ' || i FROM n;
    """
    uploads.add("t.db", made(tmp_path, script))
    cancel = SetAfter(0.3)

    with pytest.raises(Cancelled):
        uploads.load(cancel)

    assert 0 <= cancel.late < 1
