"""The part of the client that decides, without a network and without a clock."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn_client import (
    Event,
    Gap,
    NotAuthenticated,
    NotFound,
    Snapshot,
    StreamClosed,
    Unreachable,
)
from cairn_client.following import Following
from cairn_client.steps import Failure, Reply
from cairn_client.wire import Parser
from tests.client import core_driver as core
from tests.client.core_driver import (
    BROKEN,
    LENGTH,
    RUN,
    SILENT,
    UNSENT,
    Driver,
    Line,
    bytes_after,
    following,
    page,
    positions,
)


@given(cuts=st.lists(st.integers(0, 3000)), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_bytes_give_the_same_events_however_they_are_cut(cuts: list[int], end: str):
    whole = b"\xef\xbb\xbf" + b"".join(core.frame(one, one["position"], end) for one in core.log(4))
    whole += b":last\n"  # a carriage return alone could still be half a line end
    edges = sorted({0, len(whole), *(cut % len(whole) for cut in cuts)})
    parser = Parser()

    found = [f for a, b in itertools.pairwise(edges) for f in parser.feed(whole[a:b])]

    assert [json.loads(one.data) for one in found] == core.log(4)
    assert [one.id for one in found] == ["1", "2", "3", "4"]


@given(
    lives=st.lists(
        st.tuples(
            st.integers(1, 2500), st.integers(1, 400), st.sampled_from([None, BROKEN, SILENT])
        ),
        max_size=8,
    )
)
def test_any_number_of_cuts_anywhere_gives_every_event_once(
    lives: list[tuple[int, int, Failure | None]],
):
    """Reliability 11: for any disconnect point, what is resumed equals the uninterrupted log."""
    left = iter(lives)

    def connect(after: int) -> Line | Failure:
        whole = bytes_after(after)
        size, piece, end = next(left, (len(whole), 7, None))
        kept = whole[: min(size, len(whole))]
        return Line([kept[i : i + piece] for i in range(0, len(kept), piece)], end)

    driver = Driver(connect, page)
    told = driver.told(following())

    assert [one.raw for one in told if isinstance(one, Event)] == core.log(LENGTH)
    assert len(told) == LENGTH


def test_the_end_of_a_connection_is_not_the_end_of_the_log():
    driver = Driver(lambda after: Line([bytes_after(after, 9)[:900]]))

    told = driver.told(following())

    assert positions(told)[-1] == 9
    assert positions(told) == list(range(1, 10))
    assert driver.waits, "a cut is waited after"
    assert all(0.8 <= wait <= 1 for wait in driver.waits), "each connection worked"


def test_waits_grow_and_begin_anew_after_a_success():
    outcomes: list[Line | Failure] = [*[UNSENT] * 7, Line([core.opened(0)]), UNSENT]
    lives = iter(outcomes)
    driver = Driver(lambda after: next(lives, Line([bytes_after(after)])))

    driver.told(following())

    steps = [1, 2, 4, 8, 16, 30, 30, 1, 2]
    assert len(driver.waits) == len(steps)
    assert all(
        step * 0.8 <= wait <= step for step, wait in zip(steps, driver.waits, strict=True)
    ), driver.waits


def test_a_reconnect_frame_is_followed_at_once():
    def connect(after: int) -> Line:
        one = core.frame(core.event(after + 1, final=after == 2), after + 1)
        again = core.control("reconnect", after + 1, reason="rotated")
        return Line([core.opened(after) + one + again + one])

    driver = Driver(connect)

    assert positions(driver.told(following())) == [1, 2, 3]
    assert driver.waits == []
    assert driver.asked == [("stream", 0), ("stream", 1), ("stream", 2)]


def test_a_server_that_only_asks_to_reconnect_is_not_asked_in_a_circle():
    turns = iter(range(3))

    def connect(after: int) -> Line:
        if next(turns, None) is None:
            return Line([bytes_after(after)])
        return Line([core.opened(after) + core.control("reconnect", after, reason="max_age")])

    driver = Driver(connect)
    driver.told(following())

    assert len(driver.waits) == 3


def test_a_gap_and_a_snapshot_are_told_before_what_follows_them():
    missing = {"from": 1, "to": 3}
    gap = core.opened(3, resume="gap", **missing)
    shot = core.opened(5, resume="snapshot", snapshot={"state": "running"}, **missing)
    last = core.frame(core.event(6, final=True), 6)

    told = Driver(
        lambda _: Line([gap, core.frame(core.event(4), 4), core.frame(core.event(5), 5), last])
    ).told(following())
    other = Driver(lambda _: Line([shot, last])).told(following())

    assert told[0] == Gap(1, 3)
    assert positions(told) == [4, 5, 6]
    assert other[0] == Snapshot(1, 3, {"state": "running"})
    assert positions(other) == [6]


def test_a_log_that_is_younger_than_the_cursor_is_read_from_its_beginning():
    def connect(after: int) -> Line:
        begin = core.opened(0, resume="gap", **{"from": 7, "to": 90, "reset": True})
        return Line([begin + bytes_after(0)])

    told = Driver(connect).told(following(after=90))

    assert told[0] == Gap(7, 90, is_reset=True)
    assert positions(told) == list(range(1, LENGTH + 1))


def test_what_was_cleared_away_meanwhile_is_told():
    hole = core.opened(0) + core.control("gap", 3, **{"from": 1, "to": 3})
    rest = [core.frame(core.event(n, final=n == 5), n) for n in (4, 5)]

    told = Driver(lambda _: Line([hole, *rest])).told(following())

    assert told[0] == Gap(1, 3)
    assert positions(told) == [4, 5]


def test_a_hole_that_nobody_announced_is_read_again_and_then_told():
    lines = [core.frame(core.event(n, final=n == 4), n) for n in (1, 3, 4)]
    holed = core.opened(0) + b"".join(lines)
    lives = iter([Line([holed])])
    again = Driver(lambda after: next(lives, None) or Line([bytes_after(after)]))
    for_good = Driver(lambda after: Line([core.opened(after) + b"".join(lines)]))

    assert positions(again.told(following())) == list(range(1, LENGTH + 1))
    told = for_good.told(following())

    assert told[1] == Gap(2, 2)
    assert positions(told) == [1, 3, 4]


def test_a_run_of_a_session_has_holes_that_are_none():
    begin = core.opened(10, sparse=True)
    lines = [core.frame(core.event(n, final=n == 19), n) for n in (12, 17, 19)]

    driver = Driver(lambda _: Line([begin, *lines]))

    assert positions(driver.told(following())) == [12, 17, 19]
    assert driver.asked == [("stream", 0)]


def test_a_session_goes_on_after_a_run_has_ended():
    ends = core.frame(core.event(1, final=True), 1)
    more = core.frame(core.event(2), 2)
    closed = core.control("closed", 2, reason="signed_out")
    driver = Driver(lambda _: Line([core.opened(0) + ends + more + closed]))
    steps = Following.session(RUN)

    with pytest.raises(StreamClosed, match="signed_out") as caught:
        driver.told(steps)

    assert caught.value.code == "signed_out"
    assert steps.position == 2


def test_no_content_means_that_all_was_told_before():
    assert Driver(lambda _: Line([], reply=Reply(204, {}))).told(following(after=6)) == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (core.refusal(401, "not_authenticated"), NotAuthenticated),
        (core.refusal(404, "not_found"), NotFound),
        (Line([], reply=Reply(302, {}, b"moved")), Unreachable),
    ],
)
def test_what_will_not_become_better_is_raised(line: Line, error: type[Exception]):
    driver = Driver(lambda _: line)

    with pytest.raises(error):
        driver.told(following())

    assert driver.waits == []


def test_the_server_says_how_long_to_wait():
    lives = iter(
        [
            core.refusal(429, "too_many_requests", retry_after="7"),
            core.refusal(503, "storage", retry_after="10"),
        ]
    )
    driver = Driver(lambda after: next(lives, None) or Line([bytes_after(after)]))

    driver.told(following())

    assert driver.waits == [7, 10]


def test_the_heartbeat_that_the_server_announces_bounds_its_silence():
    lives = iter([Line([core.opened(0, heartbeat_seconds=4)], SILENT)])
    driver = Driver(lambda after: next(lives, None) or Line([bytes_after(after)]))

    driver.told(following())

    assert driver.patience == [30, 8]


def test_giving_up_is_for_those_who_ask_for_it():
    driver = Driver(lambda _: UNSENT)

    with pytest.raises(Unreachable, match="Gave up"):
        driver.told(following(give_up_seconds=20))

    assert sum(driver.waits) <= 20


def test_nonsense_in_a_frame_is_read_again():
    lives = iter([Line([core.opened(0) + b"data: {\n\n"])])
    driver = Driver(lambda after: next(lives, None) or Line([bytes_after(after)]))

    assert positions(driver.told(following())) == list(range(1, LENGTH + 1))


def test_following_goes_on_behind_what_was_told():
    whole = following()
    driver = Driver(lambda after: Line([bytes_after(after)]))
    steps, answer, seen = whole.steps(), None, 0
    while seen < 2:
        step = steps.send(answer)
        answer = None
        if isinstance(step, Event):
            seen = step.position
        elif not isinstance(step, Gap | Snapshot):
            answer = driver._do(step)
    steps.close()

    assert whole.position == 2
    assert positions(driver.told(whole)) == [3, 4, 5, 6]
