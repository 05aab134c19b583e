from pathlib import Path

import pytest

from agents.contract import Flag
from agents.data.guard import LONGEST
from agents.data.querying import Database
from agents.exceptions import Permanent
from tests.agents.data.stored import PEOPLE, stored

FLIGHTS = """
SELECT 'C' || i % 3 AS carrier, 'T' || i AS tail, ['EWR', 'JFK'][i % 2 + 1] AS origin,
       i - 10 AS delay, i * 1.5 AS distance, 2013 AS year, i % 12 + 1 AS month,
       TIMESTAMP '2013-01-01 05:00:00' + INTERVAL 1 HOUR * i AS moment
FROM range(60) r(i)
"""
AIRLINES = "SELECT 'C' || i AS carrier, 'Airline ' || i AS name FROM range(3) r(i)"
WEATHER = "SELECT 'EWR' AS origin, TIMESTAMP '2013-01-01' + INTERVAL 1 DAY * i AS moment, i AS temp FROM range(5) r(i)"

# What people and language models write, and what is no danger.
ALLOWED = [
    "SELECT sum(distance) FILTER (WHERE delay > 0) OVER (PARTITION BY carrier ORDER BY moment "
    "ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM flights",
    "SELECT row_number() OVER w, lag(delay) OVER w, first_value(delay IGNORE NULLS) OVER w "
    "FROM flights WINDOW w AS (ORDER BY moment)",
    "SELECT carrier, origin, count(*) FROM flights GROUP BY GROUPING SETS ((carrier), (origin), ())",
    "SELECT carrier, count(*), grouping(carrier) FROM flights GROUP BY ROLLUP (carrier)",
    "SELECT * FROM flights QUALIFY row_number() OVER (PARTITION BY carrier ORDER BY delay) = 1",
    "SELECT origin, count(*) FROM flights GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 2 OFFSET 1",
    "SELECT DISTINCT ON (carrier) carrier, tail FROM flights ORDER BY carrier, tail",
    "SELECT * EXCLUDE (year) REPLACE (month + 1 AS month) FROM flights",
    "SELECT COLUMNS('d.*') FROM flights",
    "SELECT [x + 1 FOR x IN [1, 2]], list_transform([1], LAMBDA x: x + 1), {'a': 1}.a, [1, 2][1:1]",
    """SELECT '{"a": 1}'::JSON ->> 'a', map {'k': 1}, row(1, 2)""",
    "SELECT f.tail, w.temp FROM flights f ASOF JOIN weather w "
    "ON f.origin = w.origin AND f.moment >= w.moment",
    "SELECT * FROM flights NATURAL JOIN airlines",
    "SELECT carrier FROM airlines SEMI JOIN flights USING (carrier)",
    "SELECT (SELECT max(delay) FROM flights f WHERE f.carrier = a.carrier) FROM airlines a",
    "SELECT * FROM airlines UNPIVOT (v FOR n IN (carrier, name))",
    "SELECT * FROM flights PIVOT (count(*) FOR origin IN ('EWR', 'JFK') GROUP BY carrier)",
    "SELECT sum(x) FROM (SELECT 1 x UNION ALL SELECT 2 EXCEPT SELECT 3 INTERSECT SELECT 4)",
    "SELECT extract(year FROM moment), date_trunc('month', moment), strftime(moment, '%Y-%m'), "
    "moment + INTERVAL 1 DAY, moment::DATE, dayname(moment), date_diff('day', moment, now()) "
    "FROM flights",
    "SELECT quantile_cont(delay, [0.1, 0.9]), median(delay), mode(carrier), corr(delay, distance), "
    "string_agg(DISTINCT carrier, ',' ORDER BY carrier), arg_max(tail, delay) FROM flights",
    "SELECT trim(BOTH ' ' FROM ' a '), substring('abc' FROM 2 FOR 1), 'a' || 'b', "
    "regexp_replace('a', 'a', 'b'), split_part('a-b', '-', 1), upper('a')",
    "SELECT round(1.234, 2), 7 // 2, 7 % 2, 2 ** 3, -1, 5 & 3, CASE 1 WHEN 1 THEN 2 END, "
    "coalesce(NULL, 1), nullif(1, 2), 1 IS DISTINCT FROM 2, 'a' SIMILAR TO 'a', 'a' ILIKE 'A'",
    "SELECT count(*) FROM flights TABLESAMPLE 50%",
    "SELECT * FROM generate_series(1, 3)",
    "FROM airlines",
    "TABLE airlines",
    "VALUES (1, 2)",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("set")
    return stored(place, flights=FLIGHTS, airlines=AIRLINES, weather=WEATHER)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(tmp_path_factory.mktemp("people"), people=PEOPLE)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH a AS (SELECT id FROM people), b AS (SELECT * FROM a) SELECT id FROM b",
        "SELECT id FROM people; -- and a remark",
        "SELECT id FROM PEOPLE WHERE name <> ';' /* ; */ ;",
        "FROM people SELECT id",
        "SELECT id FROM people UNION SELECT id FROM people ORDER BY id LIMIT 3",
        "WITH RECURSIVE n AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM n WHERE id < 3) FROM n",
        "SELECT id FROM people WHERE id IN (SELECT id FROM people)",
        "SELECT p.id FROM people p, LATERAL (SELECT 1) q",
        "SELECT i FROM range(3) r(i)",
    ],
)
def test_every_shape_of_select_is_allowed(people: Path, sql: str) -> None:
    with Database.open(people, Flag()) as database:
        assert database.select(sql).row_count == 3


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW people",
        "DROP VIEW people",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO people VALUES (1)",
        "WITH x AS (INSERT INTO people VALUES (1) RETURNING *) SELECT * FROM x",
        "WITH x AS (DELETE FROM people RETURNING *) SELECT * FROM x",
        "UPDATE people SET id = 1",
        "COPY people TO 'out.csv'",
        "EXPORT DATABASE 'out'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SET threads = 8",
        "SET lock_configuration = false",
        "RESET memory_limit",
        "SET VARIABLE x = 1",
        "CALL pragma_version()",
        "EXPLAIN ANALYZE SELECT 1",
        "DESCRIBE people",
        "SELECT * FROM (SUMMARIZE people)",
        "SHOW TABLES",
        "PIVOT people ON name USING count(*)",
        "PREPARE x AS SELECT 1",
        "BEGIN",
        "CHECKPOINT",
        "USE memory",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_parquet('t1.parquet')",
        "SELECT EXISTS (FROM read_blob('/etc/passwd'))",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 't1.parquet'",
        "SELECT * FROM glob('*')",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('people')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_tables",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM main.people",
        "SELECT * FROM memory.main.people",
        "SELECT * FROM nobody",
        "WITH duckdb_tables AS (FROM duckdb_tables) FROM duckdb_tables",
        "SELECT * FROM (WITH duckdb_tables AS (SELECT 1) FROM duckdb_tables) a, duckdb_tables",
        "SELECT getenv('HOME')",
        "SELECT current_setting('memory_limit')",
        "SELECT getvariable('x')",
        "SELECT write_log('x')",
        "SELECT sleep_ms(1000)",
        "SELECT repeat('x', 1000000000)",
        "SELECT lpad('x', 1000000000)",
        "SELECT range(1000000000)",
        "SELECT list_aggregate([1], 'sum')",
        "SELECT json_serialize_sql('SELECT 1')",
        "SELECT * FROM json_execute_serialized_sql('{}')",
        "SELECT system.main.sum(1)",
        "SELECT sum(nextval('s')) OVER () FROM people",
        "SELECT (people).sleep_ms()",
        "SELECT 'a" + "\0" + "b'",
        "SELECT '\ud800'",
        "SELECT " + "'x' || " * 20 + "'x'",
        "SELECT 1 -- " + "x" * 20_000,
    ],
)
def test_everything_else_is_refused(people: Path, sql: str) -> None:
    with Database.open(people, Flag()) as database:
        with pytest.raises(Permanent) as raised:
            database.select(sql)

        assert raised.value.code == "query_refused"
        assert database.select("SELECT count(*) FROM people").rows == ((3,),)


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_people_ask_is_allowed(folder: Path, sql: str) -> None:
    with Database.open(folder, Flag()) as database:
        assert database.select(sql).row_count >= 0


@pytest.mark.parametrize("text", ["FROM read_text('/etc/passwd')", "SELECT sleep_ms(5000)"])
@pytest.mark.parametrize(
    "place",
    [
        "SELECT ({})",
        "SELECT * FROM ({}) q",
        "SELECT 1 WHERE EXISTS ({})",
        "SELECT 1 ORDER BY ({})",
        "SELECT 1 LIMIT ({})",
        "WITH q AS ({}) SELECT 1",
        "WITH q AS (SELECT 1), r AS ({}) SELECT * FROM q",
        "SELECT 1 UNION ALL ({})",
        "SELECT CASE WHEN 1 IN ({}) THEN 1 END",
        "SELECT sum(1) FILTER (WHERE 1 IN ({})) OVER (ORDER BY 1)",
        "SELECT 1 FROM airlines GROUP BY ({})",
        "SELECT 1 FROM airlines JOIN ({}) q ON TRUE",
        "SELECT 1 FROM airlines, LATERAL ({}) q",
        "SELECT list_transform([1], LAMBDA x: ({}))",
        "SELECT * REPLACE (({}) AS name) FROM airlines",
        "SELECT * FROM (VALUES (({}))) v",
        "SELECT * FROM unnest([({})])",
        "SELECT * FROM airlines QUALIFY 1 = ({})",
        "SELECT CAST(({}) AS VARCHAR), [({})], {{'a': ({})}}",
        "SELECT * FROM flights PIVOT (count(*) FOR ({}) IN ('x'))",
        "WITH RECURSIVE q AS (SELECT 1 UNION ALL ({})) SELECT * FROM q",
        "WITH RECURSIVE q AS (SELECT 1 UNION ALL SELECT 2 FROM (WITH r AS ({}) FROM r)) SELECT 1",
    ],
)
def test_what_is_refused_is_refused_wherever_it_is_hidden(
    folder: Path, place: str, text: str
) -> None:
    with Database.open(folder, Flag()) as database, pytest.raises(Permanent) as raised:
        database.select(place.format(*[text] * place.count("{}")))

    # DuckDB itself refuses a few of them as no SQL.
    assert raised.value.code == "query_refused" or "Parser Error" in str(raised.value)


def test_a_name_given_by_with_is_not_known_outside(folder: Path) -> None:
    inside = "SELECT * FROM (WITH q AS (SELECT 1) SELECT * FROM q) r"
    with Database.open(folder, Flag()) as database:
        assert database.select(inside).rows == ((1,),)
        with pytest.raises(Permanent, match="no table q"):
            database.select(f"{inside}, q")


def test_a_query_nested_too_deeply_is_refused(folder: Path) -> None:
    with Database.open(folder, Flag()) as database:
        assert database.select("SELECT " + "abs(" * 100 + "1" + ")" * 100).rows == ((1,),)
        with pytest.raises(Permanent, match="nested too deeply"):
            database.select("SELECT " + "abs(" * 450 + "1" + ")" * 450)


def test_the_length_of_a_query_is_limited(folder: Path) -> None:
    with Database.open(folder, Flag()) as database:
        assert database.select("SELECT 1 --".ljust(LONGEST, "x")).rows == ((1,),)
        with pytest.raises(Permanent, match="20,000 characters"):
            database.select("SELECT 1 --".ljust(LONGEST + 1, "x"))
