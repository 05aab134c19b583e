from pathlib import Path

import pytest

from agents.data.limits import DataLimits
from agents.reading_limits import Unreadable
from tests.agents.data.loaded import Uploads, load_one


def codes(place: Path, content: bytes | str, name: str = "t.csv") -> list[str]:
    manifest, _ = load_one(place, name, content)
    return [issue.code for issue in manifest.issues]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "name,age\nAda,36\nAlan,41\n".replace(",", delimiter)

    _, table = load_one(tmp_path, "t.csv", text)

    assert table.columns == ("name", "age")
    assert table.rows == (("Ada", 36), ("Alan", 41))


def test_a_tsv_file_is_split_at_tabs_whatever_else_is_in_it(tmp_path: Path) -> None:
    _, table = load_one(tmp_path, "t.tsv", "a\tb\n1,5,2\tx,y,z\n")

    assert table.rows == (("1,5,2", "x,y,z"),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str, last: str) -> None:
    text = end.join(["a,b", "1,2", "3,4"]) + (end if last else "")

    _, table = load_one(tmp_path, "t.csv", text)

    assert table.rows == ((1, 2), (3, 4))


def test_mixed_line_ends_lose_no_line(tmp_path: Path) -> None:
    _, table = load_one(tmp_path, "t.csv", b"a,b\r\n1,2\n3,4\r\n")

    assert table.rows == ((1, 2), (3, 4))


@pytest.mark.parametrize("null", ["", "NA", "N/A", "null", "NaN", '""', '"NA"'])
def test_words_for_nothing_are_nulls(tmp_path: Path, null: str) -> None:
    _, table = load_one(tmp_path, "t.csv", f"a,b\n1,x\n{null},y\n3,{null}\n")

    assert table.rows == ((1, "x"), (None, "y"), (3, None))


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    _, table = load_one(tmp_path, "t.csv", 'a,b\n"1, ""one""\ntwo",x\n')

    assert table.rows == (('1, "one"\ntwo', "x"),)


def test_a_file_without_a_header_gets_numbered_columns(tmp_path: Path) -> None:
    _, table = load_one(tmp_path, "t.csv", "Ada,36\nAlan,41\nGrace,85\n")

    assert table.columns == ("column_1", "column_2")
    assert table.row_count == 3


def test_columns_without_a_name_or_with_the_same_get_one(tmp_path: Path) -> None:
    _, table = load_one(tmp_path, "t.csv", "a,,A\nx,y,z\n")

    assert table.columns == ("a", "column_2", "A_2")


def test_a_title_above_the_header_is_left_out_and_told(tmp_path: Path) -> None:
    manifest, table = load_one(
        tmp_path, "t.csv", "Sales of the year,,\n\nregion,units,price\nNorth,1,2.5\nSouth,2,3.5\n"
    )

    assert table.columns == ("region", "units", "price")
    assert table.row_count == 2
    assert [issue.message for issue in manifest.issues] == ["2 lines above the header left out."]


def test_ragged_lines_are_kept_and_told(tmp_path: Path) -> None:
    manifest, table = load_one(tmp_path, "t.csv", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3\n")

    assert table.rows == ((1, 2, 3), (4, 5, None), (6, 7, 8), (1, 2, 3))
    assert [issue.code for issue in manifest.issues] == ["ragged_lines", "ragged_lines"]
    assert "line 3" in manifest.issues[0].message
    assert "line 4" in manifest.issues[1].message


def test_empty_cells_beyond_the_last_column_are_no_fault(tmp_path: Path) -> None:
    assert codes(tmp_path, "a,b\n1,2,\n3,4,,\n") == []


def test_quotes_that_break_the_rules_are_read_as_well_as_possible(tmp_path: Path) -> None:
    manifest, table = load_one(tmp_path, "t.csv", 'a,b\n"x"y,1\nz,2\n')

    assert table.rows == (("xy", 1), ("z", 2))
    assert "bad_quotes" in [issue.code for issue in manifest.issues]


def test_a_quote_that_is_never_closed_is_refused(uploads: Uploads) -> None:
    uploads.add("t.csv", 'a,b\n"x,1\nz,2\n')

    with pytest.raises(Unreadable, match="never closed") as raised:
        uploads.load()

    assert raised.value.code == "corrupt"


def test_a_column_of_5000_is_one_too_many(uploads: Uploads) -> None:
    uploads.add("wide.csv", ",".join(f"c{n}" for n in range(5000)) + "\n" + ",".join("1" * 5000))

    with pytest.raises(Unreadable, match="5,000 columns; at most 1,000") as raised:
        uploads.load()

    assert raised.value.code == "too_large"


def test_a_thousand_columns_are_read(tmp_path: Path) -> None:
    text = ",".join(f"c{n}" for n in range(1000)) + "\n" + ",".join("1" * 1000) + "\n"

    _, table = load_one(tmp_path, "t.csv", text)

    assert len(table.columns) == 1000


def test_too_many_rows_are_refused(uploads: Uploads) -> None:
    uploads.add("t.csv", "a\n" + "1\n" * 11)

    with pytest.raises(Unreadable, match="11 rows; at most 10"):
        uploads.load(limits=DataLimits(rows=10))


@pytest.mark.parametrize("content", ["a,b\n", "a,b", "a,b\n\n\n"])
def test_a_header_without_rows_is_refused(uploads: Uploads, content: str) -> None:
    uploads.add("t.csv", content)

    with pytest.raises(Unreadable, match="header but no rows") as raised:
        uploads.load()

    assert raised.value.code == "empty"


@pytest.mark.parametrize("content", [" ", "\n\n", "\ufeff"])
def test_a_file_of_nothing_is_refused(uploads: Uploads, content: str) -> None:
    uploads.add("t.csv", content)

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == "empty"


def test_names_made_to_break_sql_are_only_names(tmp_path: Path) -> None:
    hostile = ['a"; DROP TABLE t; --', "b'--", "c\u202e", "x" * 10_000, "?", "{}", "%s"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in hostile)

    _, table = load_one(tmp_path, '"; DROP TABLE t; --.csv', f"{header}\n1,2,3,4,5,6,7\n")

    assert table.columns == (hostile[0], "b'--", "c", "x" * 120, "?", "{}", "%s")
    assert table.rows == ((1, 2, 3, 4, 5, 6, 7),)


def test_cells_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    cells = ["=1+1", "+49 30 1234567", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0"]

    _, table = load_one(tmp_path, "t.csv", "a\n" + "\n".join(cells) + "\n")

    assert [row[0] for row in table.rows] == cells


def test_one_very_long_line_is_refused_not_crashed_on(uploads: Uploads) -> None:
    uploads.add("t.csv", "a,b\n" + "x" * 5_000_000 + ",1\n")

    with pytest.raises(Unreadable) as raised:
        uploads.load()

    assert raised.value.code == "corrupt"


def test_a_comment_sign_is_an_ordinary_character(tmp_path: Path) -> None:
    _, table = load_one(tmp_path, "t.csv", "a,b\n#1,2\n3,4\n")

    assert table.rows == (("#1", 2), ("3", 4))
