"""Results as text tables, and the words for a chat's events."""

from chat.terminal import tables, words
from streams.events import KNOWN


def test_numbers_stand_to_the_right_and_the_rest_is_counted():
    rows = [[f"species {number}", number * 1000, None] for number in range(12)]

    lines = tables.render(("species", "count", "note"), rows, 344)

    assert lines[0] == "species    count  note"
    assert lines[1] == "species 0      0     -"
    assert lines[3] == "species 2   2000     -"
    assert lines[-1] == "... 334 more"
    assert len(lines) == 12


def test_what_a_cell_holds_cannot_break_the_table():
    lines = tables.render(("a\nb",), [["x\x1b[2J\ny"], ["日本"], [0.123456], [12345.678]], 4)

    assert lines == ["a b", "x[2J y", "日本", "0.1235", "12,345.7"]


def test_every_event_told_is_an_event_that_exists():
    assert set(words.SESSION) <= set(KNOWN)
