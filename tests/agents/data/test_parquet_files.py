from pathlib import Path

import duckdb
import pytest

from agents.data.limits import DataLimits
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads


def parquet(place: Path, query: str, options: str = "") -> bytes:
    path = place / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{options})")
    return path.read_bytes()


def refused(uploads: Uploads, limits: DataLimits | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        uploads.load(limits=limits or DataLimits())
    return raised.value.code


def test_types_are_kept_as_the_file_has_them(uploads: Uploads, tmp_path: Path) -> None:
    query = (
        "SELECT 1::TINYINT AS small, 2::UBIGINT AS large, 1.5::DECIMAL(9, 2) AS price, "
        "'007' AS code, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 10:00:00' AS moment, "
        "TIMESTAMPTZ '2024-02-29 10:00:00+02' AS zoned, TRUE AS yes, 'b'::ENUM('a', 'b') AS letter"
    )
    uploads.add("t.parquet", parquet(tmp_path, query))

    manifest = uploads.load()
    table = uploads.table()

    assert dict(zip(table.columns, table.types, strict=True)) == {
        "small": "TINYINT",
        "large": "UBIGINT",
        "price": "DECIMAL(9,2)",
        "code": "VARCHAR",
        "day": "DATE",
        "moment": "TIMESTAMP",
        "zoned": "TIMESTAMP",
        "yes": "BOOLEAN",
        "letter": "VARCHAR",
    }
    assert table.rows[0][6] == "2024-02-29T08:00:00"
    assert [issue.column for issue in manifest.issues] == ["zoned"]


def test_lists_and_objects_become_json_text(uploads: Uploads, tmp_path: Path) -> None:
    query = "SELECT [1, 2] AS numbers, {'a': 1, 'b': 'x'} AS thing, '\\xAA\\xBB'::BLOB AS bytes"
    uploads.add("t.parquet", parquet(tmp_path, query))

    manifest = uploads.load()

    assert uploads.table().rows == (("[1,2]", '{"a":1,"b":"x"}', "AABB"),)
    assert [issue.code for issue in manifest.issues] == [
        "nested_values",
        "nested_values",
        "binary_values",
    ]


def test_texts_that_are_all_dates_become_dates_but_digits_stay_text(
    uploads: Uploads, tmp_path: Path
) -> None:
    uploads.add("t.parquet", parquet(tmp_path, "SELECT '2024-02-29' AS day, '12' AS code"))

    uploads.load()

    assert uploads.table().types == ("DATE", "VARCHAR")


def test_hostile_column_names_are_only_names(uploads: Uploads, tmp_path: Path) -> None:
    query = """SELECT 1 AS "a""; DROP TABLE t; --", 2 AS "A""; DROP TABLE t; --2", 3 AS " " """
    uploads.add("t.parquet", parquet(tmp_path, query))

    uploads.load()

    assert uploads.table().columns == (
        'a"; DROP TABLE t; --',
        'A"; DROP TABLE t; --2',
        "column_3",
    )


def test_few_bytes_that_mean_many_rows_are_refused(uploads: Uploads, tmp_path: Path) -> None:
    data = parquet(tmp_path, "SELECT 1 AS a FROM range(20000000)")
    uploads.add("t.parquet", data)

    assert len(data) < 100_000
    assert refused(uploads) == "too_large"


def test_one_long_text_meant_many_times_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    query = "SELECT repeat('x', 1000000) AS a FROM range(5000)"
    data = parquet(tmp_path, query, ", COMPRESSION zstd")
    uploads.add("t.parquet", data)

    assert len(data) < 10_000  # and five gigabytes of text
    assert refused(uploads) == "too_large"


def test_what_the_footer_says_is_unpacked_is_checked(uploads: Uploads, tmp_path: Path) -> None:
    query = "SELECT md5(i::VARCHAR) AS a FROM range(10000) t(i)"
    uploads.add("t.parquet", parquet(tmp_path, query))

    assert refused(uploads, DataLimits(unpacked=10_000)) == "too_large"


def test_too_many_columns_are_refused(uploads: Uploads, tmp_path: Path) -> None:
    query = "SELECT " + ", ".join(f"{number} AS c{number}" for number in range(1001))
    uploads.add("t.parquet", parquet(tmp_path, query))

    assert refused(uploads) == "too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PAR1", "corrupt"),
        (b"PAR1" + bytes(100) + b"PAR1", "corrupt"),
        (b"PAR1" + b"\xff" * 1000 + b"\xff\xff\xff\x7fPAR1", "corrupt"),
        (b"a,b\n1,2\n", "type_mismatch"),
    ],
)
def test_what_is_no_parquet_is_refused(uploads: Uploads, data: bytes, code: str) -> None:
    uploads.add("t.parquet", data)

    assert refused(uploads) == code


def test_a_damaged_file_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    data = bytearray(parquet(tmp_path, "SELECT md5(i::VARCHAR) AS a FROM range(10000) t(i)"))
    data[1000:50000] = bytes(49000)
    uploads.add("t.parquet", bytes(data))

    assert refused(uploads) == "corrupt"


def test_a_file_without_rows_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    uploads.add("t.parquet", parquet(tmp_path, "SELECT 1 AS a WHERE FALSE"))

    assert refused(uploads) == "empty"
