"""Frames, profiles and names: the bytes on the wire."""

import json

import pytest

from streams import profiles, sse
from streams.dialects.native import NAMED, NATIVE
from streams.rows import Row
from tests.sse_client import Parser


def row(content: str | None = None) -> Row:
    body = '{"event":"status","type":"said","position":3,"data":{"sequence":1}}'
    return Row(3, "said", body, content is not None, content, is_last=False)


def test_a_frame_has_lines_that_end_with_lf_and_ends_with_an_empty_one():
    """Reliability 15."""
    assert sse.frame('{"a":1}', id=42) == b'id: 42\ndata: {"a":1}\n\n'
    assert sse.frame("{}", id=0, event="said", retry=1000) == (
        b"retry: 1000\nid: 0\nevent: said\ndata: {}\n\n"
    )
    assert sse.frame("{}") == b"data: {}\n\n"


def test_a_frame_is_never_named_error_because_browsers_mean_something_else_by_it():
    with pytest.raises(ValueError, match="error"):
        sse.frame("{}", event="error")


@pytest.mark.parametrize("data", ["a\nb", "a\rb", "\r\n"])
def test_a_frame_holds_one_line(data):
    with pytest.raises(ValueError, match="one line"):
        sse.frame(data)


def test_line_ends_of_unicode_are_escaped_and_all_else_is_sent_as_it_is():
    """Reliability 15."""
    text = json.dumps("\x85\u2028\u2029é\U0001f9ed\x7f", ensure_ascii=False)

    raw = sse.frame(text)

    assert json.loads(Parser().feed(raw)[0].data) == json.loads(text)
    assert raw.decode().splitlines() == raw.decode().split("\n")[:-1]
    assert "é\U0001f9ed".encode() in raw


@pytest.mark.parametrize("content", ["", 'a"b\\', "a\r\nb\n", "\u2028\U0001f9ed", "}}"])
def test_text_is_added_to_the_stored_json_without_parsing_it(content):
    told = json.loads(profiles.text(row(content), "inline"))

    assert told["data"] == {"sequence": 1, "content": content}
    assert profiles.text(row(content), "signal") == row().body
    assert profiles.text(row(), "inline") == row().body


def test_text_that_is_gone_is_empty():
    gone = Row(3, "said", row().body, True, None, is_last=False)

    assert json.loads(profiles.text(gone, "inline"))["data"]["content"] == ""


def test_named_and_unnamed_frames_carry_the_same_data():
    for make in (
        lambda dialect: dialect.row(row("x"), "inline"),
        lambda dialect: dialect.control("gap", {"from": 1}, "now"),
    ):
        (unnamed,), (named,) = make(NATIVE), make(NAMED)
        assert (unnamed.data, unnamed.event) == (named.data, "")
        assert named.event == json.loads(named.data)["type"]
