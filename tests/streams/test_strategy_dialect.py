"""The strategy dialect: golden frames, and one envelope for every event there is."""

import json
from typing import Any
from uuid import UUID

import pytest

from planning.strategy import events as told
from runs import events as runs
from streams.dialects.base import Dialect
from streams.dialects.strategy import STRATEGY, STRATEGY_NAMED
from streams.events import KNOWN, ContentEvent, Event, body
from streams.profiles import Mode
from streams.rows import Row
from streams.writing import Opening, encode

TEXT = UUID("6f6f6f6f-0000-4000-8000-000000000002")
TIME = "2026-11-21T00:00:00.000Z"
NAMES = {"progress", "complete", "error", "educational", "status"}
FAILURE = runs.Failure(code="scripted", message="The model is gone.")
CARD = told.StrategyCard(
    step="context",
    number=1,
    phase="start",
    title="Reading the context",
    description="What the documents say.",
    details=("Every sentence is numbered.",),
    insight="Add a document, not a guess.",
    prompt_preview="Work on this.",
    estimated_seconds=2.0,
)
READY = told.StrategyReady(
    title="A bakery",
    frameworks=10,
    findings=12,
    data_points=7,
    gaps=3,
    missing=("competition",),
    message_id=TEXT,
    content="# A\nbakery \u2028 🥐",
)

GOLDEN: list[tuple[Event, Mode, str]] = [
    (
        told.StrategyStarted(goal="Open a bakery", steps=8, estimated_seconds=15.0),
        "inline",
        '{"event":"status","type":"strategy_started","position":42,"data":{"timestamp":"%s",'
        '"message":"Starting a strategy in 8 steps...","goal":"Open a bakery","steps":8,'
        '"estimated_seconds":15.0}}',
    ),
    (
        told.StrategyStepStarted(
            step="context",
            number=1,
            progress=10,
            title="Reading the context",
            message="Processing...",
            estimated_seconds=2.0,
        ),
        "inline",
        '{"event":"progress","type":"strategy_step_started","position":42,"data":{"timestamp":"%s",'
        '"step":1,"progress":10.0,"message":"Processing...","title":"Reading the context",'
        '"estimated_seconds":2.0,"step_name":"context"}}',
    ),
    (
        told.StrategyProgress(
            step="risks", number=7, progress=72.5, message="SWOT.", agent="planner"
        ),
        "inline",
        '{"event":"progress","type":"strategy_progress","position":42,"data":{"timestamp":"%s",'
        '"step":7,"progress":72.5,"message":"SWOT.","agent":"planner","step_name":"risks"}}',
    ),
    (
        CARD,
        "inline",
        '{"event":"educational","type":"strategy_card","position":42,"data":{"timestamp":"%s",'
        '"step":1,"message":"Reading the context","educational_content":{"phase":"start",'
        '"title":"Reading the context","description":"What the documents say.",'
        '"details":["Every sentence is numbered."],"insight":"Add a document, not a guess.",'
        '"prompt_preview":"Work on this.","estimated_seconds":2.0},"step_name":"context"}}',
    ),
    (
        told.StrategyStepCompleted(
            step="risks",
            number=7,
            duration_ms=80,
            achievement="Five risks.",
            frameworks=("PESTLE",),
            findings=5,
            data_points=1,
            gaps=0,
        ),
        "inline",
        '{"event":"status","type":"strategy_step_completed","position":42,"data":{"timestamp":"%s",'
        '"step":7,"message":"Five risks.","duration_ms":80,"achievement":"Five risks.",'
        '"frameworks":["PESTLE"],"findings":5,"data_points":1,"gaps":0,"step_name":"risks"}}',
    ),
    (
        told.StrategyStepFailed(
            step="risks", number=7, duration_ms=80, message="Left out.", error=FAILURE
        ),
        "inline",
        '{"event":"status","type":"strategy_step_failed","position":42,"data":{"timestamp":"%s",'
        '"step":7,"message":"Left out.","error":"The model is gone.","code":"scripted",'
        '"duration_ms":80,"step_name":"risks"}}',
    ),
    (
        READY,
        "inline",
        '{"event":"status","type":"strategy_ready","position":42,"data":{"timestamp":"%s",'
        '"message":"The strategy is written.",'
        f'"message_id":"{TEXT}","sequence":1,"completed":true,"title":"A bakery","frameworks":10,'
        '"findings":12,"data_points":7,"gaps":3,"missing":["competition"],'
        '"content":"# A\\nbakery \\u2028 🥐"}}',
    ),
    (
        READY,
        "signal",
        '{"event":"status","type":"strategy_ready","position":42,"data":{"timestamp":"%s",'
        '"message":"The strategy is written.",'
        f'"message_id":"{TEXT}","sequence":1,"completed":true,"title":"A bakery","frameworks":10,'
        '"findings":12,"data_points":7,"gaps":3,"missing":["competition"]}}',
    ),
    (
        told.StrategySaved(entity="a-bakery", title="A bakery", url="/memory/a-bakery/"),
        "inline",
        '{"event":"status","type":"strategy_saved","position":42,"data":{"timestamp":"%s",'
        '"message":"Strategy saved to memory as entity: a-bakery","entity":"a-bakery",'
        '"title":"A bakery","url":"/memory/a-bakery/"}}',
    ),
    (
        runs.RunStateChanged(state="queued"),
        "inline",
        '{"event":"status","type":"run_state","position":42,"data":{"timestamp":"%s",'
        '"message":"Waiting for a worker.","state":"queued"}}',
    ),
    (
        runs.StillWorking(number=2, seconds=20),
        "inline",
        '{"event":"progress","type":"still_working","position":42,"data":{"timestamp":"%s",'
        '"message":"Still working, for 20 s.","number":2,"seconds":20}}',
    ),
    (
        runs.NoProgress(seconds=300, limit_seconds=300),
        "inline",
        '{"event":"status","type":"no_progress","position":42,"data":{"timestamp":"%s",'
        '"message":"No progress for 300 s. Nothing is lost: wait, or stop it.","seconds":300,'
        '"limit_seconds":300.0}}',
    ),
    (
        runs.RunCompleted(message="Strategy ready!"),
        "inline",
        '{"event":"complete","type":"run_completed","position":42,"final":true,'
        '"data":{"timestamp":"%s","progress":100.0,"message":"Strategy ready!"}}',
    ),
    (
        runs.RunFailed(error=FAILURE, step="risks"),
        "inline",
        '{"event":"error","type":"run_failed","position":42,"final":true,"data":{"timestamp":"%s",'
        '"error":"The model is gone.","code":"scripted","step_name":"risks"}}',
    ),
    (
        runs.RunCancelled(),
        "inline",
        '{"event":"error","type":"run_cancelled","position":42,"final":true,'
        '"data":{"timestamp":"%s","error":"The strategy was cancelled.","reason":""}}',
    ),
]
IDS = [f"{event.type}-{mode}" for event, mode, _ in GOLDEN]


def row(event: Event, position: int = 42) -> Row:
    text = body(event, position=position, timestamp="2026-11-21T00:00:00.000Z")
    content = event.content if isinstance(event, ContentEvent) else None
    return Row(position, event.type, text, content is not None, content, event.is_final)


def frames(event: Event, dialect: Dialect, mode: Mode) -> bytes:
    return encode(row(event), Opening(stream_id=TEXT, after=0, dialect=dialect, mode=mode))


@pytest.mark.parametrize(("event", "mode", "expected"), GOLDEN, ids=IDS)
def test_an_event_is_told_in_exactly_these_bytes(event: Event, mode: Mode, expected: str):
    """Rows 3-22, 3-23, 3-25, 3-53; conflict C5; reliability 15."""
    golden = f"id: 42\ndata: {expected.replace('%s', TIME)}\n\n"

    assert frames(event, STRATEGY, mode) == golden.encode()


@pytest.mark.parametrize(("event", "mode", "expected"), GOLDEN, ids=IDS)
def test_no_frame_is_named_error(event: Event, mode: Mode, expected: str):
    """Row 3-24; trap T3: a browser's EventSource fires `onerror` for that name."""
    name = json.loads(expected)["event"].replace("error", "strategy_error")

    assert frames(event, STRATEGY_NAMED, mode).startswith(f"id: 42\nevent: {name}\n".encode())


def sample(kind: type[Event]) -> dict[str, Any]:
    """Return an event of a class as the log may hold it: each field with something in it."""
    values: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        text = str(field.annotation)
        if name == "timestamp":
            values[name] = TIME
        elif "Failure" in text:
            values[name] = {"code": "c", "message": "m"}
        elif "int" in text or "float" in text:
            values[name] = 1
        elif "tuple" in text or "list" in text:
            values[name] = []
        else:
            values[name] = "running"
    return values


OURS = {name: kind for name, kind in KNOWN.items() if not kind.__module__.startswith("tests")}


@pytest.mark.parametrize("kind", OURS.values(), ids=list(OURS))
def test_every_event_there_is_comes_in_the_envelope(kind: type[Event]):
    """Rows 3-2, 3-20, 3-22, 3-23: one shape for all, and none is left out, so positions have no
    holes for a client that counts them.
    """
    data = sample(kind)
    text = json.dumps({"event": kind.envelope, "type": kind.type, "timestamp": TIME, "data": data})
    given = Row(42, kind.type, text, False, None, kind.is_final)

    (frame,) = STRATEGY.row(given, "inline")

    message = json.loads(frame.data)
    assert message["event"] in NAMES
    assert (message["type"], message["position"]) == (kind.type, 42)
    assert message["data"]["timestamp"] == TIME
    assert isinstance(message["data"].get("step", 0), int)
    for name in ("message", "error"):
        assert isinstance(message["data"].get(name, ""), str)
    assert message.get("final", False) == kind.is_final


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("stream_opened", {"resume": "exact", "position": 7, "no_progress_seconds": 300}),
        ("reconnect", {"reason": "rotated", "position": 9}),
        ("closed", {"reason": "signed_out"}),
        ("gap", {"from": 1, "to": 4}),
    ],
)
def test_control_frames_come_in_the_envelope_as_well(type_: str, data: dict[str, Any]):
    """Rows 3-6, 3-53: the first frame tells the limits."""
    (frame,) = STRATEGY.control(type_, data, TIME)

    told_of = json.loads(frame.data)
    assert told_of == {"event": "status", "type": type_, "data": {**data, "timestamp": TIME}}
    assert [one.event for one in STRATEGY_NAMED.control(type_, data, TIME)] == ["status"]
