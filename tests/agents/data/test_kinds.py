from pathlib import Path

import pytest

from tests.agents.data.profiled import profile_of


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("i", "number"),
        ("i::HUGEINT", "number"),
        ("i::UTINYINT", "number"),
        ("i / 3", "number"),
        ("i::DECIMAL(9, 2)", "number"),
        ("i % 2 = 0", "boolean"),
        ("DATE '2024-01-01' + i::INTEGER", "date"),
        ("TIMESTAMP '2024-01-01 01:00:00' + INTERVAL 1 HOUR * i", "datetime"),
        ("TIME '01:00:00' + INTERVAL 1 MINUTE * i", "time"),
        ("'group ' || i % 3", "category"),
        ("'thing ' || i", "text"),
        ("repeat('word ', 20) || i % 3", "text"),
        ("NULL::VARCHAR", "category"),
        ("uuid()", "text"),
        ("INTERVAL 1 DAY * i", "text"),
    ],
)
def test_kinds_follow_from_types_and_from_how_texts_repeat(
    tmp_path: Path, expression: str, kind: str
) -> None:
    found = profile_of(tmp_path, t=f"FROM range(100) r(i) SELECT {expression} AS v")

    assert found.column("t.v").kind == kind


def test_long_texts_with_few_values_are_no_categories_but_short_ones_are(tmp_path: Path) -> None:
    query = "SELECT 'a' || i % 60 AS many, 'b' || i % 40 AS few FROM range(100) r(i)"
    found = profile_of(tmp_path, t=query)

    assert found.column("t.many").kind == "text"
    assert found.column("t.few").kind == "category"
