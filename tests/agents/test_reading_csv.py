import pytest

from agents.reading import Limits, Unreadable, read
from agents.sentences import split


def rows(text: str) -> list[str]:
    return read(text.encode(), "table.csv").splitlines()


def test_rows_become_sentences_numbered_as_in_a_spreadsheet() -> None:
    assert rows("region,revenue\nNorth,1200\nSouth,\n") == [
        "Row 1: the 2 columns of 2 rows are region, revenue.",
        "Row 2: region = North; revenue = 1200.",
        "Row 3: region = South.",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = f"a{delimiter}b\n1{delimiter}2\n"

    assert rows(text)[1] == "Row 2: a = 1; b = 2."


def test_quoted_cells_may_hold_delimiters_and_line_ends() -> None:
    assert rows('a,b\n"1, one\ntwo","x"\n')[1] == "Row 2: a = 1, one two; b = x."


def test_each_row_is_one_sentence_whatever_its_cells_hold() -> None:
    text = "\n".join(rows("a,b\nYes. No! Why?,1\nx,2\n"))

    assert [sentence.line for sentence in split(text)] == [1, 2, 3]


def test_cells_without_a_column_get_a_number() -> None:
    assert rows("a,\n1,2,3\n")[1] == "Row 2: a = 1; column 2 = 2; column 3 = 3."


@pytest.mark.parametrize("limits", [Limits(rows=2), Limits(columns=1)])
def test_too_many_rows_or_columns_are_refused(limits: Limits) -> None:
    with pytest.raises(Unreadable) as raised:
        read(b"a,b\n1,2\n3,4\n", "t.csv", limits=limits)

    assert raised.value.code == "too_large"


def test_broken_quotes_are_refused_with_their_line() -> None:
    with pytest.raises(Unreadable, match="line 2") as raised:
        read(b'a,b\n"1"x,2\n', "t.csv")

    assert raised.value.code == "corrupt"
