from pathlib import Path

import pytest

from tests.agents.data.profiled import profile_of


@pytest.mark.parametrize(
    ("column", "role"),
    [
        ("i AS id", "identifier"),
        ("i * 7 AS order_no", "identifier"),
        ("'c' || i AS code", "identifier"),
        ("i % 50 + 10000 AS zip", "identifier"),
        ("i * 3 % 91 AS price", "measure"),
        ("i / 3 AS share", "measure"),
        ("i % 3 AS level", "dimension"),
        ("'g' || i % 3 AS region", "dimension"),
        ("i % 2 = 0 AS active", "dimension"),
        ("2000 + i % 20 AS year", "time"),
        ("i % 12 + 1 AS month", "time"),
        ("i % 24 AS dep_hour", "time"),
        ("i % 24 * 100 + i % 60 AS dep_time", "time"),
        ("i * 25 AS air_time", "measure"),
        ("i + 50 AS month", "measure"),
        ("DATE '2024-01-01' + i::INTEGER AS day", "time"),
        ("repeat('word ', 20) || i AS remark", "text"),
        ("'city ' || i % 80 AS city", "dimension"),
        ("'title ' || i AS title", "text"),
    ],
)
def test_a_role_follows_from_name_and_values(tmp_path: Path, column: str, role: str) -> None:
    query = f"FROM range(100) r(i) SELECT {column}, 'k' || i AS key"
    found = profile_of(tmp_path, t=query)

    assert found.model.tables[0].columns[0].role == role
