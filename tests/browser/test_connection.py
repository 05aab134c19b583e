"""The connection breaks in every way it can; nothing is lost, and the page says what goes on."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.people import (
    Person,
    banner,
    checkpoint,
    decide,
    lines,
    live,
    outcome,
    overlay,
    state,
    timeline,
)
from tests.browser.proxy import Proxy

LOST = "Connection error during planning"
EVENTS = "**/api/v1/runs/*/events/**"
EXPECTED = ("Failed to load resource", "ERR_")


def test_offline_and_back(ada: Person, page: Page) -> None:
    """The banner says so with its cross; what happened meanwhile is caught up. Rows 2-61, 3-7."""
    ada.watch.allow(*EXPECTED)
    ada.at_work(iterations=20, interval=10)
    expect(live(page)).to_have_text("Live")
    ada.context.set_offline(True)
    expect(banner(page)).to_contain_text(LOST)
    expect(banner(page)).to_contain_text("You are offline.")
    expect(banner(page).locator(".emoji")).to_have_text("❌")
    expect(live(page)).to_have_text("Offline")
    before = len(lines(page))
    page.wait_for_timeout(700)
    assert len(lines(page)) == before
    ada.context.set_offline(False)
    expect(live(page)).to_have_text("Live")
    expect(banner(page)).to_be_hidden()
    expect(timeline(page).locator(".line-text").nth(before + 1)).to_be_visible()
    shown = lines(page)
    assert len(shown) == len(set(shown))


def test_a_socket_cut_inside_a_frame(join: Callable[..., Person], proxy: Proxy) -> None:
    """Half a frame is neither shown nor lost; each line is there once. Rows 2-61."""
    ada = join(base_url=proxy.url)
    ada.watch.allow(*EXPECTED)
    ada.at_work(iterations=4, interval=4)
    proxy.cut_inside_next_frame()
    expect(checkpoint(ada.page)).to_be_visible()
    assert proxy.has_cut
    expect(live(ada.page)).to_have_text("Live")
    shown = lines(ada.page)
    assert [f"Starting iteration {one} of 4..." for one in (1, 2, 3, 4)] == [
        line for line in shown if line.startswith("Starting iteration")
    ]
    assert len(shown) == len(set(shown))


def test_a_dead_server_is_retried_and_can_be_retried_now(
    join: Callable[..., Person], proxy: Proxy
) -> None:
    """Seconds to the next try, a button, and an open checkpoint after it. Rows 2-61, 3-7."""
    ada = join(base_url=proxy.url)
    ada.watch.allow(*EXPECTED)
    ada.at_work(iterations=4, interval=4)
    proxy.refusing = True
    proxy.cut()
    expect(banner(ada.page)).to_contain_text(LOST)
    expect(banner(ada.page)).to_contain_text(re.compile(r"Reconnecting in \d s"))
    expect(live(ada.page)).to_have_text(re.compile("Reconnecting|Connecting"))
    proxy.refusing = False
    banner(ada.page).get_by_role("button", name="Retry now").click()
    expect(live(ada.page)).to_have_text("Live")
    expect(banner(ada.page)).to_be_hidden()
    expect(checkpoint(ada.page)).to_be_visible()


def test_it_polls_when_streams_do_not_get_through_and_comes_back(ada: Person, page: Page) -> None:
    """After three failures; the plan can be followed and decided all the same. Rows 3-7, 3-54."""
    ada.watch.allow(*EXPECTED)

    def only_polls(route: Route) -> None:
        if "text/event-stream" in route.request.headers.get("accept", ""):
            route.abort()
        else:
            route.continue_()

    page.route(EVENTS, only_polls)
    plan_id = ada.propose()
    ada.open(plan_id, page)
    decide(page, "Approve")
    expect(live(page)).to_have_text("Checking regularly")
    expect(banner(page)).to_contain_text("Live updates do not get through")
    expect(checkpoint(page)).to_be_visible()
    decide(page, "Approve (Continue)")
    expect(timeline(page)).to_contain_text("Checkpoint approved!")
    page.unroute(EVENTS)
    expect(checkpoint(page, 2)).to_be_visible()
    page.keyboard.press("Escape")
    banner(page).get_by_role("button", name="Retry now").click()
    expect(live(page)).to_have_text("Live")
    expect(banner(page)).to_be_hidden()


def test_too_many_connections(ada: Person, page: Page) -> None:
    """429 is said in words, with the time that the server asked for. Rows 3-7."""
    ada.watch.allow(*EXPECTED)
    plan_id = ada.propose()
    headers = {"Retry-After": "7"}
    page.route(EVENTS, lambda route: route.fulfill(status=429, headers=headers, body="{}"))
    ada.open(plan_id, page)
    page.keyboard.press("Escape")
    expect(banner(page)).to_contain_text("Too many connections are open for you.")
    expect(banner(page)).to_contain_text(re.compile(r"Reconnecting in [67] s"))


def test_signed_out_elsewhere(ada: Person, page: Page) -> None:
    """The page says so, does not try again, and leads to sign in and back. Rows 3-7."""
    ada.watch.allow(*EXPECTED)
    plan_id = ada.propose()
    page.route(EVENTS, lambda route: route.fulfill(status=401, body="{}"))
    ada.open(plan_id, page)
    expect(banner(page)).to_contain_text("You are signed out.")
    expect(live(page)).to_have_text("Signed out")
    link = page.get_by_role("link", name="Sign in", include_hidden=True)
    expect(link).to_have_attribute("href", f"/sign-in/?next=/plans/{plan_id}/")


def test_two_tabs_agree(ada: Person, page: Page) -> None:
    """A decision in one closes the question in the other. Rows 2-43, 2-63."""
    plan_id = ada.at_checkpoint()
    other = ada.open(plan_id, ada.tab())
    expect(checkpoint(other)).to_be_visible()
    decide(other, "Approve (Continue)")
    expect(checkpoint(page)).to_be_hidden()
    expect(timeline(page)).to_contain_text("Checkpoint approved! Continuing iterations...")
    expect(checkpoint(page, 2)).to_be_visible()
    decide(page, "Approve (Continue)")
    for tab in (page, other):
        expect(outcome(tab)).to_contain_text("Planning completed!")
    assert lines(page) == lines(other)


def test_ten_tabs_use_one_connection(ada: Person, page: Page) -> None:
    """The browser's six connections are not used up: all tabs stay usable. Rows 3-63."""
    plan_id = ada.at_checkpoint()
    page.keyboard.press("Escape")
    tabs = [ada.tab() for _ in range(8)]
    for tab in tabs:
        tab.goto(f"/plans/{plan_id}/", wait_until="commit")
    for tab in tabs:
        expect(checkpoint(tab)).to_be_visible()
    tabs[-1].locator("dialog[open]").get_by_role("button", name="Reject (Stop)").click()
    for tab in (page, *tabs):
        expect(state(tab)).to_have_text("Rejected")
        expect(overlay(tab)).to_be_hidden()
