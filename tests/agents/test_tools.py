import csv
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Flag
from agents.exceptions import Permanent
from agents.tools import TOOLS, ToolContext
from tests.agents.answering.shop import shop

QUERY = {
    "interpretation": "orders by channel",
    "sql": "SELECT channel, count(*) AS n FROM orders WHERE quantity > ? GROUP BY 1 ORDER BY 1",
    "values": [2],
    "result": {"columns": ["channel"], "types": ["VARCHAR"], "rows": [["web"]], "row_count": 1},
}


def context(workspace: Path | str = "", **material: Any) -> ToolContext:
    data = shop()
    return ToolContext(
        model=data.model,
        folder=data.folder,
        workspace=str(workspace),
        cancel=Flag(),
        material={"question": "q", "query": None, "history": [], **material},
    )


def run(name: str, context_: ToolContext, **arguments: Any) -> Any:
    tool = TOOLS[name]
    return tool.run(tool.arguments.model_validate(arguments), context_)


def test_only_writing_needs_a_person_and_the_mode_to_act() -> None:
    assert {name: tool.needs_approval for name, tool in TOOLS.items()} == {
        "save_file": True,
        "describe_table": False,
        "run_query": False,
    }
    assert TOOLS["save_file"].modes == {"act"}
    assert TOOLS["run_query"].modes == {"plan", "act"}


def test_the_last_result_is_saved_as_csv_with_all_its_rows(tmp_path: Path) -> None:
    told = run("save_file", context(tmp_path, query=QUERY), path="results/by.csv")
    with (tmp_path / "results" / "by.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["channel", "n"]
    assert [row[0] for row in rows[1:]] == ["phone", "shop", "web"]
    assert told["rows"] == 3
    assert told["path"] == "results/by.csv"


def test_an_earlier_result_is_saved_if_the_reply_has_none(tmp_path: Path) -> None:
    turn = {"question": "q", "answer": "a", "sql": QUERY["sql"], "memory": {"values": [3]}}
    assert run("save_file", context(tmp_path, history=[turn]), path="x.csv")["rows"] == 3


def test_cells_that_a_spreadsheet_would_execute_are_made_harmless(tmp_path: Path) -> None:
    query = {**QUERY, "sql": "SELECT '=1+1' AS evil", "values": []}
    run("save_file", context(tmp_path, query=query), path="x.csv")
    assert (tmp_path / "x.csv").read_text().splitlines() == ["evil", "'=1+1"]


def test_a_report_has_the_model_and_the_conversation(tmp_path: Path) -> None:
    turn = {"question": "How many?", "answer": "# Many\n\nThey are **240**."}
    run("save_file", context(tmp_path, history=[turn]), path="report.md")
    text = (tmp_path / "report.md").read_text()
    assert text.startswith("# shop")
    assert "### orders: 240 rows" in text
    assert "### 1. How many?" in text
    assert "They are **240**." in text


def test_there_has_to_be_a_result_to_save(tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        run("save_file", context(tmp_path), path="x.csv")
    assert caught.value.code == "nothing"


def test_the_format_has_to_fit_the_name(tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        run("save_file", context(tmp_path, query=QUERY), path="x.md", format="csv")
    assert caught.value.code == "bad_path"


def test_a_table_is_described() -> None:
    told = run("describe_table", context(), table="Orders")
    assert told["rows"] == 240
    assert "channel" in [column["name"] for column in told["columns"]]


def test_a_table_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Permanent, match="orders"):
        run("describe_table", context(), table="secrets")


def test_a_query_gives_its_first_rows() -> None:
    told = run("run_query", context(), sql="SELECT count(*) AS n FROM orders")
    assert told == {"columns": ["n"], "rows": [[240]], "row_count": 1}


@pytest.mark.parametrize("sql", ["DROP TABLE orders", "SELECT * FROM read_csv('/etc/passwd')"])
def test_a_query_stays_within_the_guard_rails(sql: str) -> None:
    with pytest.raises(Permanent) as caught:
        run("run_query", context(), sql=sql)
    assert caught.value.code == "query_refused"
