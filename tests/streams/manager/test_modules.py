"""The five responsibilities are five modules, each of use alone."""

import json
from importlib import import_module

import pytest

from streams.exceptions import StreamClosed
from streams.manager import SSEData, SSEErrorHandler, SSEMessage
from streams.manager.message_formatter import InvalidMessage, parse, to_event


@pytest.mark.parametrize(
    "name",
    ["sse_manager", "message_formatter", "connection_manager", "error_handler", "types"],
)
def test_each_responsibility_has_its_module(name: str):
    """Row 3-16."""
    assert import_module(f"streams.manager.{name}").__doc__


@pytest.mark.parametrize("event", ["progress", "complete", "error", "educational", "status"])
def test_all_five_names_have_their_event(event: str):
    """Row 3-22."""
    made = to_event(parse({"event": event}))

    assert made.envelope == event
    assert made.type == f"client_{event}"


def test_members_of_ones_own_are_kept_and_the_time_is_always_there():
    """Rows 3-23, 3-25."""
    message = parse('{"event": "status", "data": {"colour": "green", "nested": {"a": [1]}}}')

    data = json.loads(to_event(message).data_json())

    assert (data["colour"], data["nested"]) == ("green", {"a": [1]})
    assert data["timestamp"].endswith("Z")
    assert "error" not in data
    assert SSEData(timestamp="2024-01-01T00:00:00Z").timestamp == "2024-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"event": "shout"}, "event"),
        ({"data": {}}, "event"),
        ({"event": "progress", "data": {"step": "one"}}, "data.step"),
        ({"event": "progress", "data": {"progress": -1}}, "data.progress"),
        ({"event": "progress", "data": {"timestamp": "yesterday"}}, "data.timestamp"),
        ({"event": "progress", "extra": 1}, "extra"),
        ("{", "message"),
        ("[]", "message"),
    ],
)
def test_a_wrong_member_is_named_and_not_repeated(value: object, field: str):
    """Row 3-61; reliability 24."""
    with pytest.raises(InvalidMessage) as raised:
        parse(value)  # type: ignore[arg-type]

    assert list(raised.value.fields) == [field]
    assert "yesterday" not in str(raised.value)
    assert "shout" not in str(raised.value)


def test_an_error_is_told_without_what_is_inside():
    """Rows 3-19, 3-57; reliability 24."""
    handler = SSEErrorHandler()

    bug = handler.message_for(RuntimeError("password=hunter2"))
    known = handler.message_for(StreamClosed("The stream is closed."))

    assert "hunter2" not in (bug.data.error or "")
    assert known.data.error == "The stream is closed."
    assert bug.event == "error"


def test_an_alert_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture):
    """Row 3-57."""

    def broken(client_id: str, error: Exception) -> None:
        raise ValueError("no pager")

    def refuse() -> None:
        raise StreamClosed("Closed.")

    failed: dict[str, str] = {}
    with SSEErrorHandler(alert=broken).isolated("seven", failed):
        refuse()

    assert failed == {"seven": "Closed."}
    assert "The alert failed client=seven" in caplog.text


def test_a_message_is_the_same_on_its_way_through_json():
    """Row 3-53."""
    message = SSEMessage(
        event="progress", data=SSEData(step=1, progress=10, message="Processing...")
    )

    assert parse(message) is message
    assert parse(message.model_dump_json()) == message
