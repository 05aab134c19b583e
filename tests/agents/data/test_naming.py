import pytest

from agents.data.naming import LONGEST, column_names, quoted, table_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("flights", "flights"),
        ("penguins-raw", "penguins_raw"),
        ("2024 sales", "t_2024_sales"),
        ("Ums\u00e4tze", "Ums\u00e4tze"),
        ('"; DROP TABLE x; --', "DROP_TABLE_x"),
        ("../../etc/passwd", "etc_passwd"),
        ("\0\n", "table"),
        ("", "table"),
        ("pg_class", "t_pg_class"),
        ("sqlite_master", "t_sqlite_master"),
        ("information_schema", "t_information_schema"),
    ],
)
def test_a_table_has_a_name_that_needs_no_quotes(title: str, name: str) -> None:
    assert table_name(title, ()) == name


def test_names_are_unique_whatever_their_case() -> None:
    assert table_name("Sales", ["sales", "sales_2"]) == "Sales_3"
    assert column_names(["a", "A", "a"]) == ("a", "A_2", "a_3")


def test_columns_keep_their_names_where_they_can_be_shown() -> None:
    hostile = 'a"; DROP TABLE x; --'

    assert column_names([hostile, " Body  Mass (g) ", "\u540d"]) == (
        hostile,
        "Body Mass (g)",
        "\u540d",
    )


@pytest.mark.parametrize("title", ["", None, "\0", " \n\t", "\u202e"])
def test_columns_without_a_name_get_a_number(title: str | None) -> None:
    assert column_names(["a", title]) == ("a", "column_2")


def test_a_number_that_is_taken_is_not_given_again() -> None:
    assert column_names(["column_2", "", "column_2_2"]) == (
        "column_2",
        "column_2_2",
        "column_2_2_2",
    )


def test_huge_names_are_cut_and_still_unique() -> None:
    first, second = column_names(["x" * 10_000, "x" * 10_000])

    assert first == "x" * LONGEST
    assert second == f"{first}_2"
    assert len(table_name("y" * 10_000, ())) == LONGEST


def test_quotes_in_a_name_are_doubled() -> None:
    assert quoted('a"b') == '"a""b"'
