"""An installation whose pages never stream, and a network through which no stream gets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import SignIn
from tests.browser.people import Person, banner, checkpoint, decide, live, outcome
from tests.browser.serving import SCRIPT, Server, serve
from tests.browser.strategies import outcome as result
from tests.browser.strategies import start, step, visit


@pytest.fixture(scope="module")
def polling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    told = {"STREAM_TRANSPORT": "poll", "CAIRN_STRATEGY_POLL": "0.5"}
    with serve(tmp_path_factory.mktemp("polling"), SCRIPT, **told) as running:
        yield running


@pytest.fixture
def ada(sign_in: SignIn, polling: Server) -> Person:
    return sign_in(polling)


@pytest.fixture
def reads(ada: Person) -> list[Request]:
    """The requests for events that the person's pages send."""
    seen: list[Request] = []
    ada.context.on("request", lambda one: seen.append(one) if "/events/" in one.url else None)
    return seen


def only_polls(reads: list[Request]) -> bool:
    return bool(reads) and not [one for one in reads if "event-stream" in one.headers["accept"]]


def test_a_strategy_is_followed_without_a_stream(
    ada: Person, page: Page, reads: list[Request]
) -> None:
    """Rows 3-67, 3-12, 3-64."""
    visit(ada, start(ada))
    expect(result(page)).to_contain_text("Strategy ready!")
    expect(step(page, 8)).to_contain_text("Done")
    expect(live(page)).to_have_text("Ended")
    assert only_polls(reads)


def test_a_plan_is_followed_and_decided_without_a_stream(
    ada: Person, page: Page, reads: list[Request]
) -> None:
    """Row 3-67: the whole UI, not one page of it."""
    ada.at_checkpoint(iterations=2, interval=2)
    expect(live(page)).to_have_text("Checking regularly")
    expect(banner(page)).to_be_hidden()
    expect(checkpoint(page)).to_be_visible()
    decide(page, "Approve (Continue)")
    expect(outcome(page)).to_contain_text("Planning completed!")
    assert only_polls(reads)


def test_a_chat_is_followed_without_a_stream(ada: Person, page: Page, reads: list[Request]) -> None:
    """Row 3-67."""
    page.goto("/chats/")
    session = ada.api("POST", "sessions/", {"demo": "penguins"})
    page.goto(f"/chats/{session['id']}/")
    expect(live(page)).to_have_text("Checking regularly")
    assert only_polls(reads)


def test_a_network_without_streams_is_polled_every_ten_seconds(
    sign_in: SignIn, tmp_path: Path
) -> None:
    """Rows 3-12, 3-54; conflict C2: the server says how often, for this kind of run."""
    with serve(tmp_path, {"events_per_iteration": 2, "slow": {"risks": 300}}) as server:
        ada = sign_in(server)
        ada.watch.allow("Failed to load resource", "ERR_")
        page, polls = ada.page, list[Request]()

        def no_streams(route: Route) -> None:
            if "event-stream" in route.request.headers["accept"]:
                route.abort()
                return
            polls.append(route.request)
            route.continue_()

        page.route("**/events/**", no_streams)
        page.clock.install()
        pk = start(ada)
        visit(ada, pk)
        with page.expect_response(lambda one: "/events/" in one.url):
            for _ in range(3):
                page.clock.run_for(5_000)
        expect(live(page)).to_have_text("Checking regularly")
        expect(banner(page)).to_contain_text("Live updates do not get through")
        for _ in range(2):
            before = len(polls)
            page.clock.run_for(6_000)
            assert len(polls) == before  # sooner than it was asked to
            with page.expect_response(lambda one: "/events/" in one.url):
                page.clock.run_for(10_000)
            page.evaluate("0")  # the answer has been dealt with
        ada.api("POST", f"strategies/{pk}/cancel/", {})
        page.clock.run_for(20_000)
        expect(result(page)).to_contain_text("Strategy stopped.", timeout=20_000)
        page.close()  # before its server goes
