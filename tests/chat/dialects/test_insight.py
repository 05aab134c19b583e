"""The insight dialect: a reply as messages with stable ids, the same in a stream and a status."""

import json

import pytest

from streams.dialects.insight import BUILDERS, ERRORS, INSIGHT, message
from streams.events import Event
from streams.profiles import Mode
from tests.chat.dialects.rows import GATE, MESSAGE, control, golden, messages, raw, row
from tests.chat.dialects.samples import ENDS, INTENT, RESULT, SAMPLES, sample

GOLDEN: list[tuple[Event, Mode, list[str]]] = [
    (
        INTENT,
        "inline",
        [
            '{"id":42,"type":"intent_parsed","name":"intent_parsed","title":"Intent Analysis",'
            '"payload":{"intent_type":"PARTICULAR","confidence":0.9,'
            '"reasoning":"A count is asked for.","plot":{"kind":"bar","x":"month","y":"count"}},'
            '"duration_ms":7}'
        ],
    ),
    (
        sample("insight_generated"),
        "inline",
        [
            '{"id":42,"type":"insight_generated","name":"insight_generated","title":"Insight",'
            '"payload":{"text":"March.","facts":[]},"duration_ms":7}'
        ],
    ),
    (
        sample("insight_generated"),
        "signal",
        [
            '{"id":42,"type":"insight_generated","name":"insight_generated","title":"Insight",'
            f'"message_id":"{MESSAGE}","sequence":1,"duration_ms":7}}'
        ],
    ),
    (
        sample("data_summary"),
        "inline",
        [
            '{"id":42,"type":"data_summary","name":"data_summary","title":"Data Summary",'
            '"payload":{"statistics":[]},"duration_ms":7}'
        ],
    ),
    (
        sample("progress"),
        "inline",
        [
            '{"id":42,"type":"progress","name":"intent","message":"Intent parsing...",'
            '"progress":11.8}'
        ],
    ),
    (
        sample("still_working"),
        "inline",
        [
            '{"id":42,"type":"progress","name":"still_working",'
            '"message":"Still working (10 s)...","seconds":10}'
        ],
    ),
    (
        sample("gate_opened"),
        "inline",
        [
            '{"id":42,"type":"waiting","name":"tool-1","message":"May save_file run?",'
            f'"gate_id":"{GATE}","kind":"tool","digest":"{"ab" * 32}",'
            '"deadline":"2026-11-21T10:36:00.000Z",'
            '"decisions":["approve","approve_all","reject"]}'
        ],
    ),
    (sample("step_restarted"), "inline", ['{"id":42,"type":"restarted","from":7}']),
    (
        RESULT,
        "inline",
        ['{"id":42,"type":"task_result","result":{"status":"answered","text":"March."}}'],
    ),
    (
        sample("run_completed"),
        "inline",
        ['{"id":42,"type":"task_completed","status":"completed"}'],
    ),
    (
        sample("run_failed"),
        "inline",
        ['{"id":42,"type":"task_error","status":"error","error":"The model is gone."}'],
    ),
    (
        sample("run_cancelled"),
        "inline",
        ['{"id":42,"type":"task_error","status":"error","error":"The task was cancelled."}'],
    ),
    (sample("content_delta"), "inline", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "mode", "expected"), GOLDEN, ids=[f"{one.type}-{mode}" for one, mode, _ in GOLDEN]
)
def test_a_message_is_told_in_exactly_these_bytes(event: Event, mode: Mode, expected: list[str]):
    """Rows 1-30, 1-31, 1-34, 1-24; reliability 15."""
    assert raw(event, INSIGHT, mode) == golden(*expected)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type)
def test_the_stream_and_the_status_have_the_same_message_with_the_same_id(event: Event):
    """Rows 1-22, 1-24."""
    in_status = message(row(event))
    in_stream = messages([event], INSIGHT)

    ends = {"result", *(one.type for one in ENDS)}
    assert (in_status is not None) == (event.type in BUILDERS)
    if in_status is not None:
        assert in_stream == [json.loads(json.dumps(in_status))]
        assert in_status["id"] == 42
    assert bool(in_stream) == (event.type in BUILDERS or event.type in ends)


@pytest.mark.parametrize("event", ENDS, ids=lambda event: event.type)
def test_each_end_is_the_last_message_and_says_how_it_ended(event: Event):
    """Rows 1-18, 1-19; trap T9."""
    (told,) = messages([event], INSIGHT)

    assert told["status"] == ("completed" if event.type == "run_completed" else "error")
    assert bool(told.get("error")) == (event.type != "run_completed")
    assert set(ERRORS) < {one.type for one in ENDS}


def test_the_first_message_names_the_task_and_where_to_ask_for_it():
    """Row 1-9; reliability 10."""
    known = {"task_id": "t", "session_id": "s", "status_url": "/x", "stream_url": "/y"}
    opened = control(INSIGHT, "stream_opened", **known, resume="exact", position=7, mode="inline")

    assert opened == [{"type": "task", **known, "resume": "exact"}]
    assert control(INSIGHT, "reconnect", reason="rotated", position=7) == [
        {"type": "reconnect", "reason": "rotated", "position": 7}
    ]
