"""One run of a stream that several share, over HTTP; and what a user gets who asks for no mode."""

import pytest

from runs import actions
from runs.models import Run
from streams import preferences
from streams.models import Stream
from streams.pool import pooled
from tests.factories import Said, advance, make_user, register
from tests.streams.views_support import append, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stream() -> Stream:
    return Stream.objects.create()


def start(stream: Stream, user) -> Run:
    return actions.start(register("shared", owns_stream=False), by=user, stream=stream)


async def test_a_run_of_a_shared_stream_is_followed_from_its_beginning_to_its_own_end(
    open_stream, user, stream
):
    await pooled(advance)(await pooled(start)(stream, user))
    second = await pooled(start)(stream, user)
    await append(stream.pk, [Said(message_id=stream.pk, content="nobody's")])
    await pooled(advance)(second)
    third = await pooled(start)(stream, user)

    async with open_stream(run_id=second.pk) as opened:
        first, *events = await opened.rest()

    assert first.type == "stream_opened"
    assert first.json["data"]["sparse"] is True
    assert [event.type for event in events] == ["run_state", "run_state", "run_completed"]
    assert {event.json["run_id"] for event in events} == {str(second.pk)}
    positions = [event.json["position"] for event in events]
    assert positions == [4, 6, 7]
    assert [event.id for event in events] == ["4", "6", "7"]
    assert third.begins_after == 7


async def test_a_client_that_saw_the_end_of_a_run_is_told_so_although_the_stream_goes_on(
    open_stream, user, stream
):
    """Trap T5."""
    run = await pooled(start)(stream, user)
    await pooled(advance)(run)
    await pooled(advance)(await pooled(start)(stream, user))

    async with open_stream(run_id=run.pk, Last_Event_ID="3") as ended:
        assert ended.status == 204
    async with open_stream(run_id=run.pk, Last_Event_ID="2") as nearly:
        assert [event.type for event in (await nearly.rest())[1:]] == ["run_completed"]


async def test_a_run_is_followed_live_while_others_tell_on_the_same_stream(
    open_stream, user, stream
):
    run = await pooled(start)(stream, user)
    async with open_stream(run_id=run.pk) as opened:
        assert [(await opened.next()).type for _ in range(2)] == ["stream_opened", "run_state"]
        await append(stream.pk, [Said(message_id=stream.pk, content="nobody's")])
        await pooled(advance)(run)
        rest = await opened.rest()

    assert [event.type for event in rest] == ["run_state", "run_completed"]


async def test_pages_of_a_run_hold_its_events_alone_and_say_when_there_are_no_more(
    open_stream, user, stream
):
    run = await pooled(start)(stream, user)
    await append(stream.pk, [Said(message_id=stream.pk, content="nobody's")] * 1)
    await pooled(advance)(run)
    await pooled(advance)(await pooled(start)(stream, user))

    async with open_stream("?limit=3", run_id=run.pk, Accept="application/json") as page:
        first = await page.json()
    async with open_stream("?after=3", run_id=run.pk, Accept="application/json") as page:
        second = await page.json()

    assert [one["type"] for one in first["events"]] == ["run_state", "run_state"]
    assert (first["position"], first["has_more"], first["sparse"]) == (3, True, True)
    assert [one["type"] for one in second["events"]] == ["run_completed"]
    assert second["has_more"] is False


async def test_a_user_who_prefers_signals_gets_them_unless_the_request_says_otherwise(
    run, open_stream, user
):
    """Rows 4-16, 4-54."""
    await append(run.stream_id, [Said(message_id=run.pk, content="text")], run_id=run.pk)
    await write(run, 1, close=True)
    await pooled(preferences.choose)(user, "signal")

    async with open_stream() as preferred:
        signalled = (await preferred.rest())[1].json["data"]
    async with open_stream("?mode=inline") as asked:
        inline = (await asked.rest())[1].json["data"]

    assert "content" not in signalled
    assert inline["content"] == "text"


async def test_the_installation_decides_for_users_who_chose_nothing(run, open_stream, settings):
    """Row 4-54."""
    settings.STREAMS = {**settings.STREAMS, "MODE": "signal"}
    await append(run.stream_id, [Said(message_id=run.pk, content="text")], run_id=run.pk)
    await write(run, 1, close=True)

    async with open_stream() as opened:
        first, said, *_ = await opened.rest()

    assert first.json["data"]["mode"] == "signal"
    assert "content" not in said.json["data"]


def test_a_mode_that_is_none_is_refused_at_start(settings):
    from streams.checks import check_settings  # noqa: PLC0415 - the setting comes first

    settings.STREAMS = {"MODE": "loud"}

    assert [error.id for error in check_settings(None)] == ["streams.E001"]


def test_a_run_of_its_own_stream_is_read_from_its_beginning():
    run = actions.start(register("own"), by=make_user())

    assert run.begins_after == 0
