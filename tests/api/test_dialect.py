"""The planning dialect: golden frames of each type, from the events as the log holds them."""

import json
from uuid import UUID

import pytest

from planning import events as told
from runs import events as runs
from streams.dialects.base import Dialect
from streams.dialects.planning import BUILDERS, PLANNING, PLANNING_NAMED
from streams.events import ContentEvent, Event, body
from streams.profiles import Mode
from streams.rows import Row
from streams.writing import Opening, encode

GATE = UUID("6f6f6f6f-0000-4000-8000-000000000001")
TEXT = UUID("6f6f6f6f-0000-4000-8000-000000000002")
REACHED = told.CheckpointReached(
    iteration=2,
    checkpoint_number=1,
    frameworks_so_far=("SWOT Analysis",),
    data_points_so_far=6,
    gate_id=GATE,
    digest="abc",
    deadline="2026-11-21T10:36:00.000Z",
    decisions=("approve", "reject"),
    message_id=TEXT,
    content="Two\nframeworks \u2028 🥐.",
)
FINAL = told.FinalPlanReady(
    frameworks=4,
    data_points=12,
    iterations=4,
    checkpoints=2,
    message_id=TEXT,
    content="# Plan",
)
FAILURE = runs.Failure(code="scripted", message="The model is gone.")
REACHED_HEAD = (
    '{"type":"checkpoint_reached","iteration":2,"checkpoint_number":1,'
    '"frameworks_so_far":["SWOT Analysis"],"data_points_so_far":6,'
    '"deadline":"2026-11-21T10:36:00.000Z","decisions":["approve","reject"],'
    f'"gate_id":"{GATE}","digest":"abc",'
)
PULL = f'"message_id":"{TEXT}","sequence":1}}'

GOLDEN: list[tuple[Event, Mode, list[str]]] = [
    (
        told.PlanningStarted(goal="Open a bakery", max_iterations=4, checkpoint_interval=2),
        "inline",
        [
            '{"type":"planning_started","goal":"Open a bakery","max_iterations":4,'
            '"checkpoint_interval":2}'
        ],
    ),
    (
        told.IterationStarted(iteration=1, max=4),
        "inline",
        ['{"type":"iteration_started","iteration":1,"max":4}'],
    ),
    (
        told.IterationProgress(
            iteration=1,
            agent="planner",
            step="iteration-1",
            progress=15.5,
            message="SWOT Analysis: part 1 of 8.",
            frameworks=2,
            data_points=3,
        ),
        "inline",
        [
            '{"type":"iteration_progress","iteration":1,"step":"iteration-1","agent":"planner",'
            '"progress":15.5,"message":"SWOT Analysis: part 1 of 8.","frameworks":2,'
            '"data_points":3}'
        ],
    ),
    (
        told.IterationCompleted(
            iteration=1,
            duration_ms=1200,
            frameworks=("SWOT Analysis",),
            data_points=3,
            insights=1,
            gaps=0,
        ),
        "inline",
        ['{"type":"iteration_completed","iteration":1,"duration_ms":1200}'],
    ),
    (REACHED, "inline", [REACHED_HEAD + '"summary":"Two\\nframeworks \\u2028 🥐."}']),
    (REACHED, "signal", [REACHED_HEAD + PULL]),
    (
        told.CheckpointApproved(checkpoint=1, decision="approve", decided_by="ada"),
        "inline",
        ['{"type":"checkpoint_approved","checkpoint":1}'],
    ),
    (
        told.CheckpointRejected(checkpoint=1, decided_by="ada", comment="Too dear."),
        "inline",
        ['{"type":"checkpoint_rejected","checkpoint":1,"comment":"Too dear."}'],
    ),
    (
        told.CheckpointExpired(checkpoint=1, policy="expire"),
        "inline",
        ['{"type":"checkpoint_expired","checkpoint":1}'],
    ),
    (
        FINAL,
        "inline",
        [
            '{"type":"final_plan","frameworks":4,"data_points":12,"iterations":4,'
            '"checkpoints":2,"plan":"# Plan"}'
        ],
    ),
    (
        FINAL,
        "signal",
        [
            '{"type":"final_plan","frameworks":4,"data_points":12,"iterations":4,'
            '"checkpoints":2,' + PULL
        ],
    ),
    (
        told.PlanSaved(entity="a-bakery", title="A bakery", url="/memory/a-bakery/"),
        "inline",
        ['{"type":"plan_saved","entity":"a-bakery","title":"A bakery","url":"/memory/a-bakery/"}'],
    ),
    (runs.RunCompleted(message="Planning completed!"), "inline", ['{"type":"complete"}']),
    (
        runs.RunFailed(error=FAILURE),
        "inline",
        ['{"type":"error","error":"The model is gone."}', '{"type":"complete"}'],
    ),
    (runs.RunCancelled(), "inline", ['{"type":"planning_cancelled"}', '{"type":"complete"}']),
    (runs.RunRejected(gate_id=GATE, decided_by="ada"), "inline", ['{"type":"complete"}']),
    (runs.RunExpired(gate_id=GATE), "inline", ['{"type":"complete"}']),
    (runs.RunStateChanged(state="queued"), "inline", []),
]
IDS = [f"{event.type}-{mode}" for event, mode, _ in GOLDEN]


def row(event: Event, position: int = 42) -> Row:
    text = body(event, position=position, timestamp="2026-11-21T00:00:00.000Z")
    content = event.content if isinstance(event, ContentEvent) else None
    return Row(position, event.type, text, content is not None, content, event.is_final)


def frames(event: Event, dialect: Dialect, mode: Mode) -> bytes:
    return encode(row(event), Opening(stream_id=GATE, after=0, dialect=dialect, mode=mode))


@pytest.mark.parametrize(("event", "mode", "expected"), GOLDEN, ids=IDS)
def test_an_event_is_told_in_exactly_these_bytes(event: Event, mode: Mode, expected: list[str]):
    """Rows 2-20 to 2-29; reliability 15."""
    golden = "".join(f"id: 42\ndata: {data}\n\n" for data in expected)

    assert frames(event, PLANNING, mode) == golden.encode()


@pytest.mark.parametrize(("event", "mode", "expected"), GOLDEN, ids=IDS)
def test_named_frames_have_the_type_as_their_name_but_never_error(
    event: Event, mode: Mode, expected: list[str]
):
    """Trap T3; reliability 15."""
    names = [json.loads(data)["type"].replace("error", "planning_error") for data in expected]
    golden = "".join(
        f"id: 42\nevent: {name}\ndata: {data}\n\n"
        for name, data in zip(names, expected, strict=True)
    )

    assert frames(event, PLANNING_NAMED, mode) == golden.encode()


def test_each_event_the_dialect_knows_has_a_golden_frame():
    """Reliability 15."""
    assert {event.type for event, _, expected in GOLDEN if expected} == set(BUILDERS)


@pytest.mark.parametrize(
    ("type_", "data", "expected"),
    [
        (
            "stream_opened",
            {"session_id": "s", "retry_url": "/r", "resume": "exact", "position": 7, "mode": "x"},
            '{"type":"session","session_id":"s","retry_url":"/r","resume":"exact"}',
        ),
        ("reconnect", {"reason": "rotated"}, '{"type":"reconnect","reason":"rotated"}'),
        ("closed", {"reason": "signed_out"}, '{"type":"closed","reason":"signed_out"}'),
        ("gap", {"from": 1, "to": 4}, '{"type":"gap","from":1,"to":4}'),
    ],
)
def test_control_frames_are_flat_as_well(type_: str, data: dict[str, object], expected: str):
    """Row 2-17; reliability 10."""
    assert [one.data for one in PLANNING.control(type_, data, "now")] == [expected]
    named = [one.event for one in PLANNING_NAMED.control(type_, data, "now")]
    assert named == [json.loads(expected)["type"]]


@pytest.mark.parametrize("goal", ["🥐" * 120, "م" * 120, "a" * 120, "é🥐" * 60])
def test_the_longest_goal_leaves_its_frame_below_500_bytes(goal: str):
    """Row 2-47."""
    event = told.PlanningStarted(goal=goal, max_iterations=20, checkpoint_interval=10)

    frame = frames(event, PLANNING_NAMED, "inline")

    assert len(frame) <= 500
    assert goal.startswith(json.loads(frame.split(b"data: ")[1])["goal"])
