"""The log: what is appended is there, in order, without holes, or not at all."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction
from pydantic import ValidationError

from runs import events as run_events
from streams import hub, log
from streams.events import KNOWN, Event
from streams.exceptions import Fenced, StreamClosed
from streams.models import MessageChunk
from tests.factories import Noted, Said, make_stream
from tests.streams.log_support import closing, positions


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
    monkeypatch.setattr(hub, "notify", woken.extend)
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
    monkeypatch.setattr(hub, "notify", woken.extend)

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
