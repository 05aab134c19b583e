"""Text for terminals: harmless, as wide as it looks."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from runs.terminal import bar, text, words

LINES = Path(__file__).resolve().parents[2] / "static/js/log/lines.js"


@given(st.floats(-10, 110), st.text(), st.integers(1, 200))
def test_a_bar_is_never_wider_than_the_terminal(percent: float, label: str, columns: int):
    assert text.width(bar.render(percent, text.one_line(label), columns)) <= columns


def test_a_bar_shows_how_far_it_is():
    assert bar.render(50, "half", 60) == "█" * 10 + "░" * 10 + "  50% half"
    assert bar.render(50, "half", 60, unicode=False) == "#" * 10 + "-" * 10 + "  50% half"
    assert bar.render(7, "narrow", 20) == "  7% narrow"


@given(st.text())
def test_nothing_a_terminal_would_obey_is_left(raw: str):
    left = text.safe(raw)

    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", left)


def test_wide_signs_take_two_columns():
    assert text.width("日本") == 4
    assert text.cut("日本語", 5) == "日本…"


def test_tables_and_long_words_are_not_torn():
    lines = list(text.wrapped("| a | b |\n- one [delivery-today-and-tomorrow#12] two", 24))

    assert lines == ["  | a | b |", "  - one", "    [delivery-today-and-tomorrow#12]", "    two"]


def test_the_icons_are_those_of_the_web_page():
    script = LINES.read_text(encoding="utf-8")

    for name, sign in words.ICONS.items():
        escaped = "".join(f"\\u{{{ord(one):X}}}" for one in sign)
        assert f'{name}: "{escaped}"' in script
