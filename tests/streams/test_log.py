"""The log: what is appended is there, in order, without holes, or not at all."""

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pydantic import ValidationError

from runs import events as run_events
from streams import hub, log
from streams.events import KNOWN, Envelope, Event, body
from streams.exceptions import Fenced, StreamClosed
from streams.models import MessageChunk, Stream, StreamEvent
from tests.factories import Noted, Said, make_stream


def positions(stream: Stream) -> list[int]:
    return [row.position for row in log.read_after(stream.pk, 0, 10_000)]


def closing(work: Callable[[int], None]) -> Callable[[int], None]:
    def call(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    return call


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("streams", [1, 4])
def test_positions_have_no_holes_and_no_doubles_under_concurrent_writers(streams):
    all_ = [make_stream() for _ in range(streams)]

    def write(number: int) -> None:
        for turn in range(15):
            events = [Noted(text=f"{number} {turn} {part}") for part in range(turn % 3 + 1)]
            log.append(all_[number % streams].pk, events)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(closing(write), range(8)))

    for stream in all_:
        rows = log.read_after(stream.pk, 0, 10_000)
        assert [row.position for row in rows] == list(range(1, 8 * 30 // streams + 1))
        assert [json.loads(row.body)["position"] for row in rows] == positions(stream)
        # Events of one append stay together and in order.
        texts = [json.loads(row.body)["data"]["text"].split() for row in rows]
        for number in {text[0] for text in texts}:
            mine = [(int(turn), int(part)) for who, turn, part in texts if who == number]
            assert mine == sorted(mine)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_append_leaves_no_hole_and_wakes_nobody(monkeypatch):
    stream = make_stream()
    woken: list[uuid.UUID] = []
    monkeypatch.setattr(hub, "notify", woken.append)
    log.append(stream.pk, [Noted()])

    with transaction.atomic():
        log.append(stream.pk, [Noted(), Noted()])
        transaction.set_rollback(True)
    log.append(stream.pk, [Noted()])

    assert positions(stream) == [1, 2]
    assert woken == [stream.pk] * 2


@pytest.mark.django_db(transaction=True)
def test_readers_are_woken_after_the_commit_and_not_before(monkeypatch):
    stream = make_stream()
    woken: list[uuid.UUID] = []
    monkeypatch.setattr(hub, "notify", woken.append)

    with transaction.atomic():
        log.append(stream.pk, [Noted()])
        before = list(woken)

    assert (before, woken) == ([], [stream.pk])


@pytest.mark.django_db
def test_a_refused_fence_writes_nothing():
    """Reliability 3."""
    stream = make_stream()

    def refuse() -> None:
        raise Fenced

    with pytest.raises(Fenced):
        log.append(stream.pk, [Noted(), Said(message_id=uuid.uuid4(), content="x")], fence=refuse)

    assert positions(stream) == []
    assert not MessageChunk.objects.exists()
    assert log.extent(stream.pk).last == 0


@pytest.mark.django_db
def test_a_closed_stream_and_one_that_does_not_exist_refuse_events():
    stream = make_stream()
    log.append(stream.pk, [Noted()], close=True)

    for id_ in (stream.pk, uuid.uuid4()):
        with pytest.raises(StreamClosed):
            log.append(id_, [Noted()])

    assert positions(stream) == [1]


@pytest.mark.django_db
def test_only_the_last_event_of_a_closing_append_is_the_last():
    stream = make_stream()

    log.append(stream.pk, [Noted(), Noted(), Noted()], close=True)

    assert [row.is_last for row in log.read_after(stream.pk, 0, 10)] == [False, False, True]
    assert log.extent(stream.pk).is_closed


@pytest.mark.django_db
def test_appending_nothing_is_an_error():
    with pytest.raises(ValueError, match="Nothing to append"):
        log.append(make_stream().pk, [])


def test_a_misspelt_missing_or_wrong_field_fails_when_it_is_written():
    for fields in ({"txt": "x"}, {"text": 3}):
        with pytest.raises(ValidationError):
            Noted.model_validate(fields)
    with pytest.raises(ValidationError):
        run_events.RunReassigned.model_validate({})


def test_two_classes_cannot_share_a_type_and_none_is_called_error():
    with pytest.raises(TypeError, match="Two event classes"):
        type("Other", (Event,), {"type": "test_noted", "__module__": __name__})
    with pytest.raises(TypeError, match="'error'"):
        type("Bad", (Event,), {"type": "error", "__module__": __name__})
    KNOWN.pop("error", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "a\r\nb\nc\rd",
        "\u2028 and \u2029 and \x85",
        "\U0001f9ed \U0001f469‍\U0001f680",
        '"}\\',
        "",
    ],
    ids=["plain", "line ends", "unicode line ends", "emoji", "JSON", "empty"],
)
def test_text_comes_back_as_it_was_written(text):
    """Reliability 15."""
    stream, message = make_stream(), uuid.uuid4()

    log.append(stream.pk, [Said(message_id=message, content=text), Noted(text=text)])

    said, noted = log.read_after(stream.pk, 0, 10)
    assert said.content == text
    assert "content" not in json.loads(said.body)["data"]
    assert json.loads(noted.body)["data"]["text"] == text


@pytest.mark.django_db
def test_nul_in_text_is_replaced_and_in_fields_escaped():
    """Reliability 15."""
    stream = make_stream()

    log.append(stream.pk, [Said(message_id=uuid.uuid4(), content="a\0b"), Noted(text="a\0b")])

    said, noted = log.read_after(stream.pk, 0, 10)
    assert said.content == "a\ufffdb"
    assert "\0" not in noted.body
    assert json.loads(noted.body)["data"]["text"] == "a\0b"


@pytest.mark.django_db
def test_half_a_surrogate_pair_is_replaced_when_it_is_written():
    """Reliability 15."""
    stream = make_stream()

    log.append(
        stream.pk, [Said(message_id=uuid.uuid4(), content="a\udfffb"), Noted(text="a\ud800b")]
    )

    said, noted = log.read_after(stream.pk, 0, 10)
    assert said.content == "a\ufffdb"
    assert json.loads(noted.body)["data"] == {"text": "a\ufffdb"}


@pytest.mark.django_db
def test_text_is_stored_once_and_paged_by_sequence():
    stream, message = make_stream(), uuid.uuid4()
    pieces = [
        Said(message_id=message, sequence=number, content=f"<{number}>", completed=number == 7)
        for number in range(1, 8)
    ]
    log.append(stream.pk, pieces)

    pages: list[Any] = []
    after = 0
    while (page := log.content_after(message, after, limit=3)) is not None:
        pages.append((page.text, page.sequence, page.has_more, page.is_complete))
        after = page.sequence
        if not page.has_more:
            break

    assert pages == [
        ("<1><2><3>", 3, True, False),
        ("<4><5><6>", 6, True, False),
        ("<7>", 7, False, True),
    ]
    assert all("<" not in event.body for event in StreamEvent.objects.filter(stream=stream))


@pytest.mark.django_db
def test_content_after_the_end_is_empty_and_of_no_message_is_nothing():
    stream, message = make_stream(), uuid.uuid4()
    log.append(stream.pk, [Said(message_id=message, content="x", completed=False)])

    end = log.content_after(message, 1)

    assert end == log.Content(text="", sequence=1, has_more=False, is_complete=False)
    assert log.content_after(uuid.uuid4(), 0) is None


@pytest.mark.django_db
def test_a_page_of_long_texts_is_short_but_never_empty(monkeypatch):
    """Reliability 12."""
    monkeypatch.setattr(log, "LONGEST_PAGE", 1000)
    stream = make_stream()
    log.append(stream.pk, [Noted(text="x" * 400)] * 5 + [Noted(text="x" * 9000)])

    pages: list[Any] = []
    after = 0
    while rows := log.page_after(stream.pk, after, 500):
        pages.append([row.position for row in rows])
        after = rows[-1].position

    assert pages == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.django_db
def test_a_chunk_cannot_be_written_twice():
    stream, message = make_stream(), uuid.uuid4()
    log.append(stream.pk, [Said(message_id=message, content="x")])

    with pytest.raises(IntegrityError), transaction.atomic():
        log.append(stream.pk, [Said(message_id=message, content="y")])

    assert positions(stream) == [1]


@pytest.mark.django_db
def test_trimming_an_open_stream_may_clear_everything_and_numbers_go_on():
    """Reliability 10."""
    stream = make_stream()
    log.append(stream.pk, [Noted()] * 5)

    assert log.trim(stream.pk, keep_from=4) == 3
    assert log.trim(stream.pk, keep_from=3) == 0
    assert log.trim(stream.pk, keep_from=2**62) == 2
    log.append(stream.pk, [Noted()])

    assert positions(stream) == [6]
    assert log.extent(stream.pk).first == 6


@pytest.mark.django_db
def test_trimming_a_closed_stream_keeps_its_last_event_and_all_text():
    """Reliability 10."""
    stream, message = make_stream(), uuid.uuid4()
    log.append(stream.pk, [Said(message_id=message, content="kept"), Noted(text="end")], close=True)

    gone = log.trim(stream.pk, keep_from=2**62)

    assert gone == 1
    assert [row.is_last for row in log.read_after(stream.pk, 0, 10)] == [True]
    kept = log.content_after(message, 0)
    assert kept is not None
    assert kept.text == "kept"


@pytest.mark.django_db
def test_streams_to_prune_are_those_that_ended_long_ago_and_hold_more_than_their_end():
    old, new, open_ = make_stream(), make_stream(), make_stream()
    for stream in (old, new):
        log.append(stream.pk, [Noted(), Noted()], close=True)
    log.append(open_.pk, [Noted()])
    week = timedelta(days=7)
    Stream.objects.filter(pk=old.pk).update(closed_at=timezone.now() - 2 * week)

    assert log.closed_before(timezone.now() - week) == [old.pk]
    log.trim(old.pk, keep_from=2**62)
    assert log.closed_before(timezone.now() - week) == []


def sample(annotation: object) -> object:
    """Return a usual value of a field's type."""
    values = {
        "UUID": str(uuid.uuid4()),
        "str": "x" * 24,
        "int": 3,
        "float": 12.5,
        "Failure": {"code": "x" * 20, "message": "x" * 60},
    }
    name = getattr(annotation, "__name__", str(annotation))
    if name in values:
        return values[name]
    text = str(annotation)
    if "tuple" in text or "list" in text:
        return ["x" * 10] * 4
    if "dict" in text:
        return {}
    return "x" * 24 if "str" in text else 3


@pytest.mark.parametrize(
    "type_", sorted(type_ for type_ in KNOWN if KNOWN[type_].__module__ == "runs.events")
)
def test_an_event_without_text_is_small_and_canonical(type_):
    cls = KNOWN[type_]
    fields = {name: sample(info.annotation) for name, info in cls.model_fields.items()}

    text = body(
        cls.model_validate(fields), position=10**6, moment=timezone.now(), run_id=uuid.uuid4()
    )

    told = json.loads(text)
    assert list(told) == [
        key
        for key in ("event", "type", "position", "run_id", "timestamp", "final", "data")
        if key != "final" or cls.is_final
    ]
    assert told["event"] in set(Envelope)
    assert told["timestamp"].endswith("Z")
    assert text == json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    assert len(text.encode()) <= 500
