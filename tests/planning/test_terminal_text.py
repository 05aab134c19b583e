"""Text for terminals: harmless, as wide as it looks, and in the words of the web page."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.terminal import bar, text, words
from streams.events import KNOWN

TIMELINE = Path(__file__).resolve().parents[2] / "static/js/plan/timeline.js"


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


def test_every_event_told_is_an_event_that_exists():
    assert set(words.TOLD) <= set(KNOWN)


@pytest.mark.parametrize(
    ("type_", "data", "expected"),
    [
        ("run_failed", {"error": {"code": "x", "message": "No."}}, "Planning error: No."),
        ("checkpoint_expired", {"checkpoint": 1, "policy": "expire"}, "Checkpoint 1 expired."),
        ("run_state", {"state": "paused"}, "Planning paused."),
        ("run_state", {"state": "running", "reason": "cancelling"}, "Cancelling..."),
        ("gate_vote", {"by": "ada", "approvals": 1, "quorum": 2}, "Approved by ada (1 of 2)."),
    ],
)
def test_what_happens_to_a_run_is_said_in_words(type_: str, data: dict[str, object], expected: str):
    assert words.lines({"type": type_, "data": data})[0].text.startswith(expected)


def test_the_icons_are_those_of_the_web_page():
    script = TIMELINE.read_text(encoding="utf-8")

    for name, sign in words.ICONS.items():
        escaped = "".join(f"\\u{{{ord(one):X}}}" for one in sign)
        assert f'{name}: "{escaped}"' in script
