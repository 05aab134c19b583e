"""The connection of a chat breaks in every way it can; nothing is lost, and nothing comes twice."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.chatting import (
    QUESTION,
    answers,
    ask,
    bubbles,
    open_chat,
    questions,
    ready,
    say,
    session,
    start,
    state,
    tool_gate,
)
from tests.browser.people import Person, banner, live
from tests.browser.proxy import Proxy

EVENTS = "**/api/v1/sessions/*/events/**"
EXPECTED = ("Failed to load resource", "ERR_")
WORDS = " ".join(f"word{number}" for number in range(1, 41))
WAYS = [
    pytest.param(f"?stream={stream}&mode={mode}", id=f"{stream} {mode}")
    for stream in ("fetch", "eventsource", "poll")
    for mode in ("inline", "signal")
]


def _is_whole(page: Page) -> None:
    """The answer has each word once, in order, and all its parts."""
    answer = answers(page).first
    expect(answer).to_have_attribute("data-status", "complete")
    expect(answer.locator(".answer p").last).to_have_text(WORDS)
    for name in ("intent", "query", "insight", "summary"):
        expect(answer.get_by_test_id(f"part-{name}")).to_have_count(1)
    expect(answer.get_by_test_id("suggestions")).to_be_visible()


@pytest.mark.parametrize("query", WAYS)
def test_every_way_shows_the_same(ada: Person, page: Page, query: str) -> None:
    """Each transport, with text in the stream or pulled. Rows 1-11, 1-14, 4-36, 4-41, 4-55."""
    ready(ada, query)
    answer = ask(page)
    _is_whole(page)
    expect(answer.get_by_test_id("part-query")).to_contain_text("3 rows")
    expect(state(page)).to_have_text("Ready")
    assert bubbles(page) == [QUESTION]


def test_signals_carry_no_text_and_it_is_pulled(ada: Person, page: Page) -> None:
    """What the stream says is small; REST has the rest. Rows 4-2, 4-38, 4-39, 4-40."""
    session_id = ready(ada, "?stream=poll&mode=signal")
    pulls: list[str] = []
    pages: list[Any] = []

    def note(request: Request) -> None:
        if "/content/?from_sequence=" in request.url:
            pulls.append(request.url)
        response = request.response() if "/events/" in request.url else None
        if response and response.status == 200:
            pages.append(response.json())

    page.on("requestfinished", note)
    ask(page)
    _is_whole(page)
    reply = session(ada, session_id)["messages"][-1]
    assert any(reply["id"] in url for url in pulls)
    told = [event for one in pages for event in one["events"]]
    assert "content_delta" in {event["type"] for event in told}
    assert not [event for event in told if "content" in event["data"] or "delta" in event["data"]]


def test_a_user_who_prefers_signals_gets_them(ada: Person, page: Page) -> None:
    """Without anything in the address. Row 4-54."""
    session_id = start(ada)
    ada.api("PATCH", "preferences/", {"stream_mode": "signal"})
    with page.expect_request(EVENTS) as caught:
        open_chat(ada, session_id)
    assert "mode=signal" in caught.value.url
    ask(page)
    _is_whole(page)


def test_it_polls_where_nothing_can_stream(join: Callable[..., Person]) -> None:
    """No EventSource, no streaming fetch; one poll at a time however slow. Rows 1-14, 1-27."""
    ada = join()
    ada.context.add_init_script("delete window.EventSource; delete window.ReadableStream;")
    page = ada.page
    session_id = start(ada)
    flying, most = 0, 0

    def slow(route: Route) -> None:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        page.wait_for_timeout(700)
        flying -= 1
        route.continue_()

    open_chat(ada, session_id)
    expect(live(page)).to_have_text("Checking regularly")
    expect(state(page)).to_have_text("Ready")
    page.route(EVENTS, slow)
    say(page, QUESTION)
    _is_whole(page)
    page.unroute_all(behavior="ignoreErrors")
    assert most == 1
    assert bubbles(page) == [QUESTION]


def test_it_polls_when_streams_do_not_get_through_and_comes_back(ada: Person, page: Page) -> None:
    """After some failures; questions are answered all the same. Rows 1-14, 4-42."""
    ada.watch.allow(*EXPECTED)

    def only_polls(route: Route) -> None:
        if "text/event-stream" in route.request.headers.get("accept", ""):
            route.abort()
        else:
            route.continue_()

    page.route(EVENTS, only_polls)
    open_chat(ada, start(ada))
    expect(live(page)).to_have_text("Checking regularly")
    expect(banner(page)).to_contain_text("Live updates do not get through")
    ask(page)
    _is_whole(page)
    page.unroute(EVENTS)
    banner(page).get_by_role("button", name="Retry now").click()
    expect(live(page)).to_have_text("Live")
    expect(banner(page)).to_be_hidden()


def test_a_socket_cut_inside_a_frame(join: Callable[..., Person], proxy: Proxy) -> None:
    """Half a frame is neither shown nor lost. Rows 1-12, 4-45."""
    ada = join(base_url=proxy.url)
    ada.watch.allow(*EXPECTED)
    ready(ada)
    proxy.cut_inside_next_frame()
    say(ada.page, QUESTION)
    _is_whole(ada.page)
    assert proxy.has_cut
    expect(live(ada.page)).to_have_text("Live")
    assert bubbles(ada.page) == [QUESTION]


def test_offline_and_back(ada: Person, page: Page) -> None:
    """What another tab asked meanwhile is there at once. Rows 4-42, 4-45."""
    ada.watch.allow(*EXPECTED)
    session_id = ready(ada)
    ada.context.set_offline(True)
    expect(banner(page)).to_contain_text("You are offline.")
    expect(banner(page)).to_contain_text("The chat goes on, and nothing is lost.")
    expect(live(page)).to_have_text("Offline")
    say(page, QUESTION)
    expect(questions(page)).to_have_attribute("data-state", "failed")
    ada.context.set_offline(False)
    ada.api("POST", f"sessions/{session_id}/messages/", {"text": "From elsewhere?"})
    expect(live(page)).to_have_text("Live")
    expect(banner(page)).to_be_hidden()
    expect(answers(page)).to_contain_text("You asked: From elsewhere?")
    questions(page).get_by_role("button", name="Try again").click()
    expect(answers(page)).to_have_count(2)
    assert bubbles(page) == ["From elsewhere?", QUESTION]


def test_signed_out_elsewhere(ada: Person, page: Page) -> None:
    """The page says so, and leads to sign in and back. Row 4-42."""
    ada.watch.allow(*EXPECTED)
    session_id = start(ada)
    page.route(EVENTS, lambda route: route.fulfill(status=401, body="{}"))
    open_chat(ada, session_id)
    expect(banner(page)).to_contain_text("You are signed out.")
    expect(live(page)).to_have_text("Signed out")
    link = page.get_by_role("link", name="Sign in", include_hidden=True)
    expect(link).to_have_attribute("href", f"/sign-in/?next=/chats/{session_id}/")


def test_two_tabs_show_the_same_and_share_a_connection(ada: Person, page: Page) -> None:
    """What is asked in one is answered in both. Rows 4-1, 4-44."""
    session_id = ready(ada)
    other = ada.tab()
    streams: list[Request] = []
    other.on("request", lambda one: streams.append(one))
    open_chat(ada, session_id, other)
    expect(live(other)).to_have_text("Live")
    say(page, "From the first tab?")
    expect(answers(other)).to_have_attribute("data-status", "complete")
    say(other, "From the second?")
    for tab in (page, other):
        expect(answers(tab)).to_have_count(2)
        expect(answers(tab).nth(1)).to_have_attribute("data-status", "complete")
        assert bubbles(tab) == ["From the first tab?", "From the second?"]
    assert not [one for one in streams if "/events/" in one.url]


def test_a_reload_shows_what_was_there(ada: Person, page: Page) -> None:
    """In every state: answered, failed, waiting for a person. Row 4-1."""
    ready(ada, mode="act")
    ask(page)
    say(page, "Please fail")
    expect(answers(page).nth(1)).to_have_attribute("data-status", "failed")
    say(page, "Please call a tool")
    expect(tool_gate(page)).to_be_visible()
    before = page.locator(".message").all_inner_texts()
    page.reload()
    expect(live(page)).to_have_text("Live")
    expect(tool_gate(page)).to_be_visible()
    expect(state(page)).to_have_text("Waiting for approval")
    expect(answers(page).first.get_by_test_id("chart").locator(".chart-canvas svg")).to_be_visible()
    after = page.locator(".message").all_inner_texts()
    assert [re.sub(r"\s+", " ", one) for one in after] == [
        re.sub(r"\s+", " ", one) for one in before
    ]
    tool_gate(page).get_by_role("button", name="Approve", exact=True).click()
    expect(answers(page)).to_have_count(4)
