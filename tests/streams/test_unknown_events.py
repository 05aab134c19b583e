"""An event that newer code wrote: each dialect passes it on or leaves it out, and goes on."""

import json
import uuid

import pytest

from streams.dialects import (
    agui,
    aisdk,
    context,
    datamodel,
    insight,
    native,
    planning,
    strategy,
)
from streams.dialects.agui_conversation import Names
from streams.dialects.base import Dialect
from streams.profiles import Mode
from streams.rows import Row

RUN = uuid.uuid4().hex
BODY = {
    "event": "status",
    "type": "weather_changed",
    "position": 7,
    "timestamp": "2026-01-01T00:00:00.000Z",
    "data": {"sky": ["grey"]},
}
PASSED_ON = {"native", "named", "strategy", "strategy-named"}
ROW = Row(7, "weather_changed", json.dumps(BODY), False, None, False, RUN)
DIALECTS = [
    value
    for module in (context, datamodel, insight, native, planning, strategy)
    for value in vars(module).values()
    if isinstance(value, Dialect)
]


@pytest.mark.parametrize("mode", ["inline", "signal"])
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_it_is_passed_on_where_types_are_open_and_left_out_elsewhere(dialect: Dialect, mode: Mode):
    told = [json.loads(frame.data)["type"] for frame in dialect.row(ROW, mode)]

    assert told == (["weather_changed"] if dialect.name in PASSED_ON else [])


def test_ag_ui_passes_it_on_under_its_own_name():
    projection = agui.Projection(RUN, thread="t", name="r", about={}, names=Names())

    frames = projection.row(ROW)

    assert [json.loads(frame.data)["type"] for frame in frames] == ["CUSTOM"]
    assert json.loads(frames[0].data)["name"] == "weather_changed"
    assert not projection.is_over


def test_the_ai_sdk_is_not_disturbed_by_it():
    reply = aisdk.Reply(RUN, {})

    reply.row(ROW)

    assert not reply.is_over
