from pathlib import Path

import pytest

from agents.data_model import Quality
from tests.agents.data.loaded import Uploads
from tests.agents.data.profiled import profile_of, profiled


def test_the_score_weighs_the_figures(tmp_path: Path) -> None:
    customers = "SELECT i AS id FROM range(1, 11) r(i)"
    orders = """
    SELECT CASE WHEN i < 8 THEN i + 1 ELSE 99 END AS customer_id, 'x' || i % 2 AS kind,
           CASE WHEN i < 5 THEN i * 1.5 END AS price
    FROM range(10) r(i)
    """
    found = profile_of(tmp_path, customers=customers, orders=orders)

    # 5 of 40 cells are missing, and 2 of 10 references are not found.
    assert found.model.quality == Quality(
        score=round(0.35 * 87.5 + 0.25 * 100 + 0.2 * 100 + 0.2 * 80, 1),
        completeness=87.5,
        uniqueness=100,
        validity=100,
        integrity=80,
    )


def test_columns_of_mixed_values_are_not_valid(uploads: Uploads) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(99))
    uploads.add("t.csv", f"id,v\n{rows}99,many\n")

    found = profiled(tuple(uploads.files), uploads.folder)

    assert found.model.quality.validity == 50


def test_worse_issues_come_first(uploads: Uploads) -> None:
    uploads.add("t.csv", "id,a,b\n1,5,\n2,5,\n3,5,\n")

    found = profiled(tuple(uploads.files), uploads.folder)

    assert [issue.severity for issue in found.model.issues] == sorted(
        (issue.severity for issue in found.model.issues), reverse=True
    )
    assert {issue.code for issue in found.model.issues} >= {"no_values", "constant"}


@pytest.mark.parametrize("query", ["SELECT 1 AS id", "SELECT NULL::INTEGER AS v"])
def test_figures_of_one_row_are_within_bounds(tmp_path: Path, query: str) -> None:
    quality = profile_of(tmp_path, t=query).model.quality

    assert 0 <= quality.score <= 100
