"""The datamodel dialect: golden frames of each type, in the words of the first data-model chat."""

import pytest

from chat import events as chats
from runs.events import StillWorking
from streams.dialects.datamodel import CHAT, INITIALISATION, OF_CHAT, OF_INITIALISATION
from streams.events import Event
from streams.profiles import Mode
from tests.chat.dialects.rows import MESSAGE, control, golden, messages, raw
from tests.chat.dialects.samples import ANSWERED, OPENED, PROGRESS, READY, RESULT, sample

ENDS = [
    ("run_failed", '{"type":"error","message":"Error: The model is gone."}'),
    ("run_cancelled", '{"type":"error","message":"Error: The request was cancelled."}'),
    ("run_expired", '{"type":"error","message":"Error: Nobody answered in time."}'),
    ("run_rejected", '{"type":"error","message":"Error: The request was rejected."}'),
]
GOLDEN_CHAT: list[tuple[Event, Mode, list[str]]] = [
    (
        sample("message_added"),
        "inline",
        ['{"type":"chat_progress","message":"🤔 Processing your request..."}'],
    ),
    (PROGRESS, "inline", ['{"type":"chat_progress","message":"Intent parsing..."}']),
    (
        StillWorking(number=1, seconds=10),
        "inline",
        ['{"type":"chat_progress","message":"🧠 Analyzing your request..."}'],
    ),
    (
        StillWorking(number=2, seconds=20),
        "inline",
        ['{"type":"chat_progress","message":"⚡ Generating response..."}'],
    ),
    (
        OPENED,
        "inline",
        ['{"type":"chat_progress","message":"✋ Waiting for your decision: May save_file run?"}'],
    ),
    (ANSWERED, "inline", ['{"type":"chat_progress","message":"Decided: approve."}']),
    (
        sample("run_retrying"),
        "inline",
        [
            '{"type":"chat_progress",'
            '"message":"🔁 That did not work. Trying again in 2 s..."}'
        ],
    ),
    (
        sample("run_reassigned"),
        "inline",
        ['{"type":"chat_progress","message":"🔁 A worker was lost. Another one goes on..."}'],
    ),
    (
        sample("no_progress"),
        "inline",
        [
            '{"type":"chat_progress","message":'
            '"⚠️ Nothing new for 300 s. You can go on waiting, or cancel..."}'
        ],
    ),
    (
        RESULT,
        "inline",
        ['{"type":"chat_result","data":{"status":"answered","text":"March."}}'],
    ),
    (
        RESULT,
        "signal",
        [f'{{"type":"chat_result","message_id":"{MESSAGE}","sequence":1}}'],
    ),
    *[(sample(type_), "inline", [data]) for type_, data in ENDS],
    (sample("run_completed"), "inline", []),
    (sample("content_delta"), "inline", []),
    (sample("data_model_ready"), "inline", []),
]  # fmt: skip
GOLDEN_INIT: list[tuple[Event, Mode, list[str]]] = [
    (
        sample("session_started"),
        "inline",
        ['{"type":"auto_init","message":"🚀 Initializing penguins..."}'],
    ),
    (
        chats.Progress(operation="initialise", step="types", progress=40, message="Types."),
        "inline",
        ['{"type":"auto_init","message":"Types."}'],
    ),
    (
        StillWorking(number=1, seconds=10),
        "inline",
        ['{"type":"auto_init","message":"🔍 Still reading the data..."}'],
    ),
    (
        READY,
        "inline",
        [
            '{"type":"auto_init",'
            '"message":"✅ Data model ready: 1 tables, 8 columns, 12,345 rows."}'
        ],
    ),
    (sample("run_completed"), "inline", ['{"type":"complete"}']),
    *[(sample(type_), "inline", [data]) for type_, data in ENDS],
    (RESULT, "inline", []),
    (sample("message_added"), "inline", []),
]  # fmt: skip


def ids(cases: list[tuple[Event, Mode, list[str]]]) -> list[str]:
    return [f"{event.type}-{mode}-{number}" for number, (event, mode, _) in enumerate(cases)]


@pytest.mark.parametrize(("event", "mode", "expected"), GOLDEN_CHAT, ids=ids(GOLDEN_CHAT))
def test_a_reply_is_told_in_exactly_these_bytes(event: Event, mode: Mode, expected: list[str]):
    """Rows 0-24, 0-26, 0-27, 0-29, 0-30, 0-31; conflict C6; reliability 15."""
    assert raw(event, CHAT, mode) == golden(*expected)


@pytest.mark.parametrize(("event", "mode", "expected"), GOLDEN_INIT, ids=ids(GOLDEN_INIT))
def test_an_initialisation_is_told_in_exactly_these_bytes(
    event: Event, mode: Mode, expected: list[str]
):
    """Rows 0-8, 0-30, 0-31; reliability 15."""
    assert raw(event, INITIALISATION, mode) == golden(*expected)


def test_each_event_the_dialect_knows_has_a_golden_frame():
    """Reliability 15."""
    assert {event.type for event, _, expected in GOLDEN_CHAT if expected} == set(OF_CHAT)
    told = {event.type for event, _, expected in GOLDEN_INIT if expected}
    assert told | {event.type for event, _, _ in GOLDEN_CHAT} >= set(OF_INITIALISATION)


def test_what_was_told_when_the_message_came_is_not_told_again_when_work_begins():
    """Row 0-24."""
    begun = chats.Progress(
        operation="reply", step="reply", progress=1, message="Processing your request..."
    )

    told = messages([sample("message_added"), begun, PROGRESS], CHAT)

    assert [one["message"] for one in told] == [
        "🤔 Processing your request...", "Intent parsing...",
    ]  # fmt: skip


@pytest.mark.parametrize("dialect", [CHAT, INITIALISATION], ids=lambda one: one.name)
def test_later_signs_of_life_have_texts_and_the_last_is_repeated(dialect):
    """Row 0-28."""
    signs = [StillWorking(number=number, seconds=number * 10) for number in range(1, 31)]

    told = [one["message"] for one in messages(signs, dialect)]

    assert len(told) == 30
    first, last = told[:4], set(told[5:])
    assert len(set(first)) == 4
    assert len(last) == 1


@pytest.mark.parametrize("dialect", [CHAT, INITIALISATION], ids=lambda one: one.name)
def test_a_stream_says_nothing_of_itself_unless_something_is_missing_or_it_ends(dialect):
    """Row 0-24: the first message is the first progress; reliability 10: never a silent gap."""
    assert control(dialect, "stream_opened", resume="exact", position=0, mode="inline") == []
    cleared = {"resume": "snapshot", "from": 1, "to": 4, "snapshot": {"messages": ["x"]}}
    assert control(dialect, "stream_opened", **cleared) == [{"type": "gap", "from": 1, "to": 4}]
    assert control(dialect, "closed", reason="signed_out") == [
        {"type": "closed", "reason": "signed_out"}
    ]
