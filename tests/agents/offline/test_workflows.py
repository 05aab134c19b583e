from pathlib import Path
from typing import Any

import pytest

from agents.adapters import Call
from agents.base import Done, Progress
from agents.chats import WorkflowResult
from agents.contract import Flag, check_one_ending, check_percent, check_result
from agents.exceptions import Permanent
from agents.offline.workflows import WORKFLOWS, check_parameters, workflow
from tests.agents.answering.shop import shop


def run(name: str, workspace: Path | str = "", **parameters: Any) -> WorkflowResult:
    given = shop().given(workflow=name, parameters=parameters, workspace=str(workspace))
    given["transcript"] = [{"question": "How many orders?", "answer": "240."}]
    call = Call(run_id="r", step="w", kind="workflow", cancel=Flag(), input=given)
    events = list(workflow(call))
    check_one_ending(events)
    check_percent(events)
    assert isinstance(events[0], Progress)
    assert isinstance(events[-1], Done)
    check_result("workflow", events[-1].result)
    return WorkflowResult.model_validate(events[-1].result)


def errors(name: str, **given: Any) -> dict[str, str]:
    found = next(one for one in WORKFLOWS if one.name == name)
    return check_parameters(found, given, shop().model)


def test_a_profile_counts_gaps_and_values_again() -> None:
    result = run("profile", table="orders")
    assert "240 rows" in result.text
    assert result.table is not None
    by_name = {row[0]: row for row in result.table.rows}
    assert by_name["shipped_on"][2] == 30
    assert by_name["channel"][3] == 3
    assert result.chart is not None


def test_missing_values_are_told_largest_first() -> None:
    result = run("missing-values", table="orders")
    assert result.table is not None
    assert result.table.rows[0] == ("shipped_on", 30, 12.5)
    assert "**shipped\\_on**" in result.text or "**shipped_on**" in result.text


def test_a_table_without_gaps_is_said_to_have_none() -> None:
    result = run("missing-values", table="products")
    assert "No value is missing" in result.text
    assert result.chart is None


def test_two_numbers_are_correlated_and_drawn_as_points() -> None:
    result = run("compare-columns", table="products", first="price", second="weight_kg")
    assert "**1.000**" in result.text
    assert result.chart is not None
    assert result.chart.kind == "scatter"
    assert len(result.chart.x) == 9


def test_a_category_and_a_number_give_statistics_of_each_group() -> None:
    result = run("compare-columns", table="orders", first="revenue", second="channel")
    assert result.table is not None
    assert result.table.columns[:3] == ("channel", "count", "average")
    assert {row[0] for row in result.table.rows} == {"web", "shop", "phone"}
    assert result.chart is not None
    assert result.chart.kind == "bar"


def test_a_date_and_a_number_give_a_line_of_months() -> None:
    result = run("compare-columns", table="orders", first="ordered_on", second="revenue")
    assert result.chart is not None
    assert result.chart.kind == "line"
    assert result.chart.x[0] == "2023-01-01"


def test_two_categories_give_a_crosstab() -> None:
    result = run("compare-columns", table="orders", first="channel", second="product_id")
    assert result.table is not None
    assert result.table.columns[0] == "channel"
    assert len(result.table.rows) == 3


def test_the_most_frequent_values_have_their_shares() -> None:
    result = run("top-values", table="orders", column="channel", limit=2)
    assert result.table is not None
    assert len(result.table.rows) == 2
    assert result.table.rows[0][1:] == (80, 33.33)


def test_outliers_are_found_beyond_the_fences() -> None:
    result = run("outliers", table="orders", column="revenue", factor=0.5)
    assert result.table is not None
    assert result.chart is not None
    assert result.chart.kind == "histogram"
    assert sum(value or 0 for value in result.chart.series[0].values) == 240


def test_a_report_is_written_into_the_workspace(tmp_path: Path) -> None:
    result = run("export-report", tmp_path, path="out/report.md", title="Shop")
    assert result.files == ("out/report.md",)
    text = (tmp_path / "out" / "report.md").read_text()
    assert text.startswith("# Shop\n")
    assert "1. How many orders?" in text


def test_a_report_cannot_be_written_outside(tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        run("export-report", tmp_path, path="../report.md")
    assert caught.value.code == "bad_path"


def test_an_unknown_workflow_is_named_with_those_there_are() -> None:
    with pytest.raises(Permanent, match="export-report") as caught:
        run("destroy")
    assert caught.value.code == "unknown_workflow"


def test_wrong_parameters_end_the_step() -> None:
    with pytest.raises(Permanent) as caught:
        run("profile", table="secrets")
    assert caught.value.code == "bad_parameters"


def test_right_parameters_have_no_errors() -> None:
    assert errors("top-values", table="orders", column="channel", limit=5) == {}
    assert errors("export-report") == {}


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("profile", {}, "table"),
        ("profile", {"table": "secrets"}, "table"),
        ("profile", {"table": ["orders"]}, "table"),
        ("profile", {"table": "orders", "extra": 1}, "extra"),
        ("top-values", {"table": "orders", "column": "country"}, "column"),
        ("top-values", {"table": "orders", "column": "channel", "limit": 0}, "limit"),
        ("top-values", {"table": "orders", "column": "channel", "limit": True}, "limit"),
        ("top-values", {"table": "orders", "column": "channel", "limit": "5"}, "limit"),
        ("outliers", {"table": "orders", "column": "channel"}, "column"),
        ("outliers", {"table": "orders", "column": "revenue", "factor": float("nan")}, "factor"),
        ("compare-columns", {"table": "orders", "first": "revenue", "second": "revenue"}, "second"),
        ("export-report", {"path": "x" * 300}, "path"),
    ],
)
def test_each_wrong_field_has_its_error(name: str, given: dict[str, Any], field: str) -> None:
    assert list(errors(name, **given)) == [field]
