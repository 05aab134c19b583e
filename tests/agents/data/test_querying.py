import json
import threading
from pathlib import Path

import pytest

from agents.chats import ResultTable
from agents.contract import Flag
from agents.data import querying
from agents.data.querying import Database
from agents.exceptions import Cancelled, Permanent
from tests.agents.data.stored import MANY, PEOPLE, SetAfter, stored

RUNAWAY = "SELECT count(*) FROM many a, many b WHERE a.number * b.number % 1000003 = 5"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(tmp_path_factory.mktemp("set"), people=PEOPLE, many=MANY)


@pytest.fixture
def database(folder: Path):
    with Database.open(folder, Flag()) as database:
        yield database


def code_of(database: Database, sql: str, seconds: float = 10) -> str:
    with pytest.raises(Permanent) as raised:
        database.select(sql, seconds=seconds)
    return raised.value.code


def test_a_question_gives_columns_types_rows_and_their_number(database: Database) -> None:
    result = database.select("SELECT name, age FROM people ORDER BY id")

    assert result == ResultTable(
        columns=("name", "age"),
        types=("VARCHAR", "DECIMAL(3,1)"),
        rows=(("Ada", 36.5), ("Grace", None), ("Alan", 41)),
        row_count=3,
    )
    assert database.tables == ("people", "many")


def test_all_rows_are_counted_but_only_the_first_are_given(database: Database) -> None:
    result = database.select("SELECT number FROM many ORDER BY number DESC", most_rows=3)

    assert result.rows == ((299_999,), (299_998,), (299_997,))
    assert result.row_count == 300_000


def test_the_order_asked_for_is_kept_over_many_rows(database: Database) -> None:
    result = database.select("SELECT number FROM many ORDER BY -number", most_rows=10_000)

    assert [row[0] for row in result.rows] == list(range(299_999, 289_999, -1))


def test_values_are_parameters_and_never_sql(database: Database) -> None:
    hostile = "'; DROP TABLE people; --"

    assert database.select("SELECT ? AS v", [hostile]).rows == ((hostile,),)
    assert database.select("SELECT id FROM people WHERE name = ?", [hostile]).row_count == 0
    assert database.select("SELECT id FROM people WHERE name = ?", ["Ada"]).rows == ((1,),)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("DATE '2024-02-29'", "2024-02-29"),
        ("TIMESTAMP '2024-02-29 10:20:30'", "2024-02-29T10:20:30"),
        ("TIME '10:20:30'", "10:20:30"),
        ("INTERVAL 3 DAY", "3 days"),
        ("'nan'::DOUBLE", None),
        ("'-inf'::DOUBLE", None),
        ("1.50::DECIMAL(9, 2)", 1.5),
        ("2::DECIMAL(9, 2)", 2),
        ("170141183460469231731687303715884105727::HUGEINT", 2**127 - 1),
        ("TRUE", True),
        ("[1, NULL]", "[1, NULL]"),
        ("{'a': 'x'}", "{'a': x}"),
        ("'\\x00\\xFF'::BLOB", "\\x00\\xFF"),
        ("DATE 'infinity'", "infinity"),
        ("TIMESTAMP '294247-01-10 04:00:54'", "294247-01-10T04:00:54"),
    ],
)
def test_every_type_of_cell_becomes_a_json_scalar(
    database: Database, expression: str, value: object
) -> None:
    result = database.select(f"SELECT {expression} AS v")

    assert result.rows == ((value,),)
    assert json.loads(json.dumps(result.model_dump(mode="json"), allow_nan=False))


def test_a_long_cell_is_cut_before_it_is_fetched(database: Database) -> None:
    result = database.select("SELECT string_agg(label, ' ') AS v FROM many")

    assert isinstance(result.rows[0][0], str)
    assert len(result.rows[0][0]) == 2001
    assert result.rows[0][0].endswith("\u2026")


def test_very_wide_rows_are_given_in_smaller_number(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querying, "MOST_CHARACTERS", 100)

    result = database.select("SELECT label FROM many")

    assert 0 < len(result.rows) < 20
    assert result.row_count == 300_000


def test_columns_of_one_name_are_told_apart(database: Database) -> None:
    result = database.select("SELECT a.id, b.id FROM people a JOIN people b USING (id)")

    assert result.columns == ("id", "id_1")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nme FROM people", '"nme"'),
        ("SELECT CAST(name AS INTEGER) FROM people", "'Ada'"),
        ("SELECT id FROM people WHERE id = ?", "parameters"),
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000, "depth"),
        ("SELECT 1 /* never closed", "unterminated"),
    ],
)
def test_sql_that_does_not_work_is_told_in_words(database: Database, sql: str, told: str) -> None:
    with pytest.raises(Permanent, match="does not work") as raised:
        database.select(sql)

    assert raised.value.code == "query_failed"
    assert told in str(raised.value)
    assert "LINE 1" not in str(raised.value)


def test_values_that_cannot_be_given_are_told_in_words(database: Database) -> None:
    with pytest.raises(Permanent) as raised:
        database.select("SELECT ?", ["\ud800"])

    assert raised.value.code == "query_failed"


def test_a_failed_question_does_not_harm_the_next(database: Database) -> None:
    for sql in ("SELECT CAST(name AS INTEGER) FROM people", "SELEC", "SELECT nobody"):
        with pytest.raises(Permanent):
            database.select(sql)

    assert database.select("SELECT max(id) FROM people").rows == ((3,),)


def test_the_lock_under_the_guard_holds_without_it(folder: Path, tmp_path: Path) -> None:
    with Database.open(folder, Flag()) as database:
        for sql in (
            "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM read_text('/proc/self/environ')",
            f"COPY people TO '{tmp_path / 'out.csv'}'",
            f"COPY people TO '{folder / 't1.parquet'}'",
            f"ATTACH '{tmp_path / 'other.db'}'",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "SET memory_limit = '8GB'",
            "INSTALL httpfs",
            "LOAD httpfs",
        ):
            with pytest.raises(Exception, match=r"cannot be read|lock|disabled"):
                database._connection.rows(sql)

    assert list(tmp_path.iterdir()) == []


def test_a_runaway_question_is_interrupted_when_its_time_is_up(database: Database) -> None:
    assert code_of(database, RUNAWAY, seconds=0.3) == "query_too_long"
    assert database.select("SELECT count(*) FROM people").rows == ((3,),)


@pytest.mark.parametrize(
    "sql",
    [
        RUNAWAY,
        "SELECT a.label FROM many a, many b ORDER BY a.number * b.number % 1000003, b.label LIMIT 5",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n",
        "SELECT count(*) FROM range(100000000000) r(i) WHERE hash(i) % 1000003 = 5",
    ],
)
def test_cancelling_stops_a_runaway_question_within_a_second(folder: Path, sql: str) -> None:
    cancel = SetAfter(0.3)

    with Database.open(folder, cancel) as database, pytest.raises(Cancelled):
        database.select(sql)

    assert 0 <= cancel.late < 1


def test_a_question_after_cancelling_is_not_begun(folder: Path) -> None:
    flag = Flag()
    with Database.open(folder, flag) as database:
        flag.on = True

        with pytest.raises(Cancelled):
            database.select("SELECT 1")


def test_a_question_that_needs_too_much_memory_is_refused_in_words(database: Database) -> None:
    with pytest.raises(Permanent, match="more memory than is allowed") as raised:
        database.select("SELECT length(list(a.label)::VARCHAR) FROM many a, many b")

    assert raised.value.code == "query_failed"


def test_no_thread_is_left_when_a_question_is_answered(database: Database) -> None:
    database.select("SELECT count(*) FROM many")

    assert not [one for one in threading.enumerate() if one.name.startswith("query-watch")]


def test_a_folder_without_data_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="Load it again") as raised:
        Database.open(tmp_path, Flag())

    assert raised.value.code == "no_data"


def test_lost_files_are_told_without_their_paths(tmp_path: Path) -> None:
    folder = stored(tmp_path / "set", people=PEOPLE)
    (folder / "t1.parquet").unlink()

    with pytest.raises(Permanent) as raised:
        Database.open(folder, Flag())

    assert raised.value.code == "no_data"
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("name", ["a[1]", "b*c", "d'q", "e f", "\u00fc"])
def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    plain = stored(tmp_path / "plain", people=PEOPLE)
    folder = plain.rename(tmp_path / name)

    with Database.open(folder, Flag()) as database:
        assert database.select("SELECT count(*) FROM people").rows == ((3,),)
