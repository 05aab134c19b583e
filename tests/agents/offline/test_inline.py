import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agents.offline.inline import escape, one_line, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Bold** and *soft* `code`.", "Bold and soft code."),
        ("See [the guide](https://example.org/a(b)).", "See the guide."),
        ("Use :func:`~django.http.redirect` now.", "Use django.http.redirect now."),
        ("See :doc:`the guide </howto/x>`.", "See the guide."),
        ("Now in `<main>` and <b>bold</b>.", "Now in <main> and bold."),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("``RemovedInDjango60Warning`` is raised", "RemovedInDjango60Warning is raised"),
    ],
)
def test_marks_go_and_words_stay(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_direction_marks_and_control_characters_go() -> None:
    assert one_line("a\u202eb\x00c\nd\u2028e") == "ab c d e"


def test_a_long_line_is_cut_at_a_word() -> None:
    assert one_line("one two three", 9) == "one two\u2026"


@given(st.text(max_size=120))
def test_escaped_text_is_shown_as_it_is_and_makes_no_block_link_or_tag(text: str) -> None:
    line = escape(text)

    tokens = MarkdownIt().parse(f"- {line}")
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {"text", "text_special", "softbreak"}
    assert {token.tag for token in tokens} <= {"ul", "li", "p", ""}


@pytest.mark.parametrize(
    "text", ["[a-doc#12]", "# x", "> x", "1. x", "- x", "<script>", "&lt;b&gt;", "__x__", "---"]
)
def test_what_could_forge_is_made_harmless(text: str) -> None:
    html = MarkdownIt().render(escape(text))

    assert html.startswith("<p>")
    assert "<script" not in html
    assert "[a-doc#12]" not in escape(text)
