"""Whatever breaks, the client tells every event once and in order."""

import signal
import sqlite3
import threading
from contextlib import closing

import pytest

from cairn_client import Event, StreamClosed, Told, following
from tests.browser.proxy import Proxy
from tests.client import lines
from tests.e2e import clients, house
from tests.e2e.conftest import Starter
from tests.e2e.servers import Server

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("impatient")]

SLOW = '{"delay": 0.01}'


def test_a_line_that_is_cut_inside_frames_loses_nothing(start: Starter):
    """Reliability 11."""
    server = start(script=SLOW)
    told: list[Told] = []
    with Proxy(server.port) as proxy, lines.ada(proxy.port) as near, lines.ada(server.port) as ada:
        run_id = ada.start_plan("Open a second bakery", max_iterations=2)["run_id"]
        cuts = 0
        for one in lines.approved(ada, near.follow_run(run_id)):
            told.append(one)
            if proxy.has_cut and len(told) % 4 == 1:
                cuts += 1
                proxy.cut_inside_next_frame(10 + cuts * 3)

        assert cuts > 3
        assert lines.raw(told) == lines.log(ada, run_id)


@pytest.mark.parametrize("position", [2, 20])
def test_a_server_that_is_killed_and_started_again_is_followed_on(position: int, start: Starter):
    """Reliability 2."""
    server = start(script=SLOW)
    told: list[Told] = []
    with lines.ada(server.port) as ada:
        run_id = ada.start_plan("Open a second bakery", max_iterations=2)["run_id"]
        for one in lines.approved(ada, ada.follow_run(run_id)):
            told.append(one)
            if isinstance(one, Event) and one.position == position:
                server.kill()
                # The first attempts find nobody there.
                threading.Timer(0.1, server.start).start()

        assert lines.raw(told) == lines.log(ada, run_id)
        assert ada.run(run_id)["state"] == "completed"


async def test_asyncio_follows_across_a_killed_server_too(start: Starter):
    """Reliability 2."""
    server = start(script=SLOW)
    told: list[Told] = []
    async with clients.cairn(server.port) as ada:
        run_id = (await ada.start_strategy("Sell more bread"))["run_id"]
        async for one in ada.follow_run(run_id):
            told.append(one)
            if isinstance(one, Event) and one.position == 5:
                server.kill()
                server.start()
    with lines.ada(server.port) as reader:
        assert lines.raw(told) == lines.log(reader, run_id)


def test_a_server_that_falls_silent_is_noticed_by_its_heartbeat(
    start: Starter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(following, "HEARTBEAT", 0.5)  # what is assumed before the first frame
    server = start(heartbeat=0.1, lease=30)
    told: list[Told] = []
    with lines.ada(server.port) as ada, caplog.at_level("INFO", "cairn_client"):
        run_id = ada.start_plan("Open a second bakery", max_iterations=2)["run_id"]
        for one in lines.approved(ada, ada.follow_run(run_id)):
            told.append(one)
            if isinstance(one, Event) and one.type == "planning_started":
                server.send(signal.SIGSTOP)
                threading.Timer(2, server.send, [signal.SIGCONT]).start()

        assert lines.raw(told) == lines.log(ada, run_id)
    assert "nothing came for too long" in caplog.text


def test_streams_that_are_rotated_are_read_on_at_once(start: Starter):
    server = start(rotate_bytes=1500)
    with lines.ada(server.port) as ada:
        run_id = ada.start_plan("Open a second bakery", max_iterations=2)["run_id"]

        told = list(lines.approved(ada, ada.follow_run(run_id)))

        assert lines.raw(told) == lines.log(ada, run_id)


def test_where_streams_are_held_back_pages_tell_the_same(server: Server):
    with lines.ada(server.port, lines.Buffering()) as far, lines.ada(server.port) as ada:
        run_id = ada.start_plan("Open a second bakery", max_iterations=2)["run_id"]

        told = list(lines.approved(ada, far.follow_run(run_id)))

        assert lines.raw(told) == lines.log(ada, run_id)


def test_with_too_many_streams_the_server_is_obeyed_and_then_polled(start: Starter):
    server = start(streams_per_user=1, heartbeat=0.2)
    with lines.ada(server.port) as ada:
        run_id = ada.start_plan("Open a second bakery", max_iterations=2)["run_id"]
        waiting = iter(ada.follow_run(run_id))
        next(waiting)  # holds the only stream there may be

        told = list(lines.approved(ada, ada.follow_run(run_id)))

        assert lines.raw(told) == lines.log(ada, run_id)
        waiting.close()  # type: ignore[attr-defined]


def test_a_token_that_is_taken_away_ends_the_stream(start: Starter):
    server = start(heartbeat=0.1)
    with lines.user(server.port, house.STRANGER) as eve:
        following = iter(eve.follow_run(eve.start_plan("Open a second bakery")["run_id"]))
        next(following)
        with closing(sqlite3.connect(house.database(server.var), timeout=20)) as database, database:
            database.execute("DELETE FROM authtoken_token WHERE key = ?", [house.STRANGER])

        with pytest.raises(StreamClosed) as caught:
            list(following)

    assert caught.value.code == "signed_out"
