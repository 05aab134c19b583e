"""Where streams do not get through: pages of the same log, without a network or a clock."""

from typing import Any

import pytest

from cairn_client import Gap, Snapshot
from cairn_client.steps import Failure, Reply
from tests.client import core_driver as core
from tests.client.core_driver import (
    BROKEN,
    LENGTH,
    SILENT,
    Driver,
    Line,
    bytes_after,
    following,
    page,
    positions,
)


def test_with_too_many_streams_pages_are_asked_for_after_the_wait():
    driver = Driver(lambda _: core.refusal(429, "too_many_streams", retry_after="5"), page)

    assert positions(driver.told(following())) == list(range(1, LENGTH + 1))
    assert driver.waits == [5]
    assert driver.asked == [("stream", 0), ("page", 0), ("page", 2), ("page", 4)]


@pytest.mark.parametrize(
    "line",
    [
        SILENT,
        Line([], SILENT),
        Line([], reply=Reply(406, {})),
        Line([], reply=Reply(200, {"content-type": "text/html"}, b"<p>")),
    ],
)
def test_where_no_stream_gets_through_pages_are_asked_for(line: Line | Failure):
    driver = Driver(lambda _: line, page)

    assert positions(driver.told(following())) == list(range(1, LENGTH + 1))
    assert [kind for kind, _ in driver.asked].count("stream") == 1


def test_streams_that_break_at_once_are_tried_three_times():
    driver = Driver(lambda _: BROKEN, page)

    assert positions(driver.told(following())) == list(range(1, LENGTH + 1))
    assert [kind for kind, _ in driver.asked] == ["stream"] * 3 + ["page"] * 3


def test_a_server_that_is_away_for_pages_too_is_streamed_from_when_it_is_back():
    lives = iter([SILENT])
    pages = Driver(
        lambda after: next(lives, None) or Line([bytes_after(after)]), lambda after: BROKEN
    )

    assert positions(pages.told(following())) == list(range(1, LENGTH + 1))
    assert pages.asked == [("stream", 0), ("page", 0), ("stream", 0)]


def test_polling_waits_as_asked_and_tries_to_stream_again():
    waiting = iter(range(200))

    def poll(after: int) -> Reply:
        return (
            page(after, length=0, state="waiting") if next(waiting, None) is not None else page(0)
        )

    lives = iter([BROKEN] * 3)
    driver = Driver(lambda after: next(lives, None) or Line([bytes_after(after)]), poll)

    assert positions(driver.told(following())) == list(range(1, LENGTH + 1))
    assert set(driver.waits[3:]) == {0.25}
    assert sum(driver.waits[2:]) == pytest.approx(30, abs=4)
    assert driver.asked[-1] == ("stream", 0)


def test_pages_tell_of_gaps_and_snapshots_too():
    events = [core.event(4), core.event(5, final=True)]
    missing: Any = {"from": 1, "to": 3, "events": events, "position": 5, "has_more": False}
    shot = {**missing, "resume": "snapshot", "snapshot": {"state": "running"}}

    told = Driver(lambda _: SILENT, lambda _: page(0, resume="gap", **missing)).told(following())
    other = Driver(lambda _: SILENT, lambda _: page(0, **shot)).told(following())

    assert told[0] == Gap(1, 3)
    assert other[0] == Snapshot(1, 3, {"state": "running"})
    assert positions(told) == positions(other) == [4, 5]


def test_a_run_that_has_ended_without_news_is_over_for_pages():
    driver = Driver(lambda _: SILENT, page)

    assert driver.told(following(after=LENGTH)) == []
