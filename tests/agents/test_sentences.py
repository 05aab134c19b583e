import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.sentences import split


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. J. R. Smith met Prof. Lee in the U.S. market.",
        "Prices rose by 3.5 points, e.g. in No. 7 of the list.",
        "Version 1.2.3 of the tool is at https://example.org/a.b?c=d. ",
        "It costs approx. 5 euro, i.e. little.",
        "Acme Inc. and Foo Ltd. agreed on Jan. 5.",
        "See fig. 3 and p. 12 of vol. 2.",
        "The J. Doe method is old.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(sentence: str) -> None:
    assert texts(sentence) == [sentence.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('He said "Yes." Then he left.', ['He said "Yes."', "Then he left."]),
        ("It grew in the U.S. The rest fell.", ["It grew in the U.S.", "The rest fell."]),
        ("Run it. `make` helps.", ["Run it.", "`make` helps."]),
        ("\u65e5\u672c\u8a9e\u3002\u6b21\u3002", ["\u65e5\u672c\u8a9e\u3002", "\u6b21\u3002"]),
        ("Wait... Then go.", ["Wait...", "Then go."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_wrapped_lines_are_joined_and_keep_the_line_where_they_start() -> None:
    first, second = split("One line\n  wrapped. Another\nsentence.")

    assert (first.text, first.line) == ("One line wrapped.", 1)
    assert (second.text, second.line) == ("Another sentence.", 2)


def test_markdown_blocks_are_told_apart() -> None:
    text = "# Title\n\nProse here.\n\n- First item\n  goes on.\n2. Second.\n\nName\n----\n> Quoted."

    kinds = [(sentence.kind, sentence.text) for sentence in split(text)]

    assert kinds == [
        ("heading", "Title"),
        ("prose", "Prose here."),
        ("item", "First item goes on."),
        ("item", "Second."),
        ("heading", "Name"),
        ("prose", "Quoted."),
    ]


def test_table_cells_are_named_by_their_header() -> None:
    table = "| Region | Sales |\n|---|---:|\n| North | 1.5 |\n| | 2 |"

    assert texts(table) == ["Region | Sales", "Region: North; Sales: 1.5", "Sales: 2"]


def test_fenced_code_is_left_out_but_a_fence_that_never_closes_is_not() -> None:
    assert texts("Before.\n```sh\nrm -rf /. Now.\n```\nAfter.") == ["Before.", "After."]
    assert texts("```\nAll of this stays.") == ["All of this stays."]


def test_a_row_of_a_csv_file_is_one_sentence() -> None:
    assert texts("Row 2: note = Yes. No; n = 1.\nRow 3: n = 2.") == [
        "Row 2: note = Yes. No; n = 1.",
        "Row 3: n = 2.",
    ]


def test_a_text_without_an_end_is_cut_where_nobody_would_check_it() -> None:
    assert [len(text) for text in texts("x" * 2500)] == [1000, 1000, 500]


@given(st.lists(st.text("abcXYZ 1.!?,;'()\u00e9\u4e2d", max_size=40), max_size=12))
def test_the_sentences_of_prose_cover_its_text(lines: list[str]) -> None:
    # A leading word keeps hypothesis from writing list items and lines of punctuation.
    text = "\n".join(f"Word {line}" for line in lines)

    joined = "".join("".join(sentence.text.split()) for sentence in split(text))

    assert joined == "".join(text.split())


@given(st.text(max_size=400))
def test_any_text_has_numbers_without_gaps_and_lines_in_order(text: str) -> None:
    sentences = split(text)

    assert [sentence.number for sentence in sentences] == list(range(1, len(sentences) + 1))
    assert [sentence.line for sentence in sentences] == sorted(s.line for s in sentences)
    assert all(sentence.text.strip() == sentence.text != "" for sentence in sentences)


@pytest.mark.parametrize("unit", ["```a\n", "| a | b |\n", "a. ", "- x\n", "(", "|-|-|\n"])
def test_hostile_repetition_takes_no_more_than_linear_time(unit: str) -> None:
    assert len(split(unit * 20_000)) < 50_000
