from pathlib import Path

from tests.agents.data.profiled import profile_of


def test_the_summary_tells_how_much_there_is_and_how_good_it_is(tmp_path: Path) -> None:
    query = "SELECT i AS id, DATE '2024-01-01' + i::INTEGER AS day FROM range(100) r(i)"
    found = profile_of(tmp_path, sales=query)

    assert found.model.summary == (
        "test has 1 table with 100 rows and 2 columns. "
        "day of sales goes from 2024-01-01 to 2024-04-09. "
        "Its quality is 100 of 100: 100 % of the cells are filled, and there are no warnings."
    )


def test_years_tell_the_time_where_there_are_no_dates(tmp_path: Path) -> None:
    found = profile_of(tmp_path, t="SELECT 2000 + i AS year, i * 1.5 AS v FROM range(10) r(i)")

    assert "year of t goes from 2000 to 2009." in found.model.summary


def test_recommendations_name_the_columns_they_are_about(tmp_path: Path) -> None:
    query = "SELECT 5 AS a, 6 AS b, 'x' || i % 3 AS c, NULL::INTEGER AS d FROM range(10) r(i)"
    found = profile_of(tmp_path, t=query)

    told = found.model.recommendations
    assert any("t.a and t.b cannot tell rows apart" in one for one in told)
    assert any("Leave out t.d" in one for one in told)
    assert any("Remove repeated rows from t" in one for one in told)
    assert any("tell the rows of t apart" in one for one in told)


def test_tables_without_anything_in_common_are_told(tmp_path: Path) -> None:
    found = profile_of(tmp_path, a="SELECT 1 AS id", b="SELECT 2 AS id")

    assert any("share no keys" in one for one in found.model.recommendations)
    assert "2 tables" in found.model.summary


def test_good_data_need_no_advice(tmp_path: Path) -> None:
    found = profile_of(tmp_path, t="SELECT 'k' || i AS key, i * 3 % 91 AS v FROM range(100) r(i)")

    assert found.model.recommendations == ()
