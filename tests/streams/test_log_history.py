"""The log: what is appended is there, in order, without holes, or not at all."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from streams import log
from streams.events import KNOWN, Envelope, body, iso
from streams.models import Stream, StreamEvent
from tests.factories import Noted, Said, make_stream
from tests.streams.log_support import positions, sample


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


@pytest.mark.parametrize(
    "type_", sorted(type_ for type_ in KNOWN if KNOWN[type_].__module__ == "runs.events")
)
def test_an_event_without_text_is_small_and_canonical(type_):
    cls = KNOWN[type_]
    fields = {name: sample(info.annotation) for name, info in cls.model_fields.items()}

    text = body(
        cls.model_validate(fields),
        position=10**6,
        timestamp=iso(timezone.now()),
        run_id=uuid.uuid4(),
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


@pytest.mark.django_db
def test_many_streams_are_read_at_once_as_each_alone():
    """Reliability 14."""
    streams = [make_stream() for _ in range(4)]
    message = uuid.uuid4()
    for number, stream in enumerate(streams):
        for _ in range(number):
            log.append(stream.pk, [Noted()])
    log.append(streams[1].pk, [Said(message_id=message, sequence=1, content="Ünïcode")])
    places = [(stream.pk, after) for after, stream in enumerate(streams, -1)]

    found = log.read_each([*places, places[1]], 2)

    assert found == [log.read_after(stream, after, 2) for stream, after in [*places, places[1]]]
    assert [len(rows) for rows in found] == [0, 2, 1, 1, 2]
