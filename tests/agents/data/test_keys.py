from pathlib import Path

import pytest

from tests.agents.data.profiled import profile_of


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ("i AS id, 'x' || i AS name", ("id",)),
        ("'x' || i AS name, i * 7 AS order_no", ("order_no",)),
        ("i % 5 AS a, 'c' || i AS code", ("code",)),
        ("i + 5 AS line, i % 5 AS a", ("line",)),
        ("DATE '2024-01-01' + i::INTEGER AS day, i % 5 AS a", ("day",)),
        ("i % 10 AS id, i // 10 AS part_no, i * 37 % 91 AS v", ("id", "part_no")),
        ("'s' || i % 10 AS shop, DATE '2024-01-01' + (i // 10)::INTEGER AS day", ("shop", "day")),
        (
            "'a' || i % 4 AS a, 'b' || i // 4 % 5 AS b, 'c' || i // 20 AS c, i * 1.5 AS v",
            ("a", "b", "c"),
        ),
    ],
)
def test_the_likeliest_key_is_chosen(tmp_path: Path, columns: str, key: tuple[str, ...]) -> None:
    found = profile_of(tmp_path, t=f"FROM range(100) r(i) SELECT {columns}")

    assert found.table("t").primary_key == key


@pytest.mark.parametrize(
    "columns",
    [
        "i * 7919 AS population, i % 5 AS a",  # unique, but by chance
        "sqrt(i) AS v",
        "repeat('word ', 20) || i AS note",
        "'n' || i AS first_name",
        "CASE WHEN i > 0 THEN i END AS id, i % 2 AS b",  # one is missing
        "i % 10 AS id, i % 20 AS other_id",
        "true AS yes",
    ],
)
def test_what_is_unique_by_chance_or_not_at_all_is_no_key(tmp_path: Path, columns: str) -> None:
    found = profile_of(tmp_path, t=f"FROM range(100) r(i) SELECT {columns}")

    assert found.table("t").primary_key == ()


def test_a_key_of_several_columns_holds_for_all_rows_not_only_for_the_first(
    tmp_path: Path,
) -> None:
    query = """
    SELECT 'a' || i % 100 AS a, 'b' || i // 100 AS b FROM range(5000) r(i)
    UNION ALL SELECT 'a1', 'b1'
    """
    found = profile_of(tmp_path, t=query)

    assert found.table("t").primary_key == ()


def test_distinct_values_are_counted_exactly_and_without_nulls(tmp_path: Path) -> None:
    query = "SELECT CASE WHEN i % 3 > 0 THEN i % 1000 END AS v FROM range(30000) r(i)"
    found = profile_of(tmp_path, t=query)

    assert found.column("t.v").distinct == 1000
    assert found.column("t.v").nulls == 10_000
