"""Everybody can use chats: axe finds nothing in any state, and the reader's wishes count."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import check
from tests.browser.chatting import (
    CUSTOMERS,
    ORDERS,
    PHOTO,
    QUESTION,
    answers,
    ask,
    box,
    bubbles,
    open_chat,
    panel,
    question_gate,
    questions,
    ready,
    say,
    start,
    state,
    tool_gate,
    upload,
)
from tests.browser.people import Person, banner, overlay


def _answered(ada: Person) -> None:
    ready(ada, mode="act")
    answer = ask(ada.page)
    for summary in answer.locator("summary").all():
        summary.click()
    panel(ada.page, "Timeline")


def _asking(ada: Person) -> None:
    ready(ada, mode="act")
    say(ada.page, "Please call a tool")
    tool_gate(ada.page).get_by_text("Edit the arguments").click()
    tool_gate(ada.page).get_by_label("Arguments of save_file").fill("{")


def _failed(ada: Person) -> None:
    ada.watch.allow("status of 400")
    ready(ada)
    say(ada.page, "Please fail")
    expect(answers(ada.page).get_by_role("button", name="Try again")).to_be_visible()
    say(ada.page, "Look at @nothing.md")
    expect(questions(ada.page).last).to_have_attribute("data-state", "failed")
    panel(ada.page, "Log")


def _editing(ada: Person) -> None:
    ready(ada)
    ask(ada.page)
    questions(ada.page).first.hover()
    questions(ada.page).first.get_by_role("button", name="Ask again").click()
    expect(questions(ada.page).get_by_test_id("branch-picker")).to_contain_text("2 / 2")
    questions(ada.page).first.get_by_role("button", name="Edit").click()
    box(ada.page).fill("/")


def _offline(ada: Person) -> None:
    ada.watch.allow("Failed to load", "ERR_")
    ready(ada)
    ada.context.set_offline(True)
    expect(banner(ada.page)).to_be_visible()


def _drawn(ada: Person) -> None:
    files = [upload(ada, ORDERS), upload(ada, CUSTOMERS)]
    open_chat(ada, start(ada, engine="offline", demo="", files=files))
    expect(ada.page.get_by_test_id("er-diagram").locator("svg")).to_be_visible()


def _choosing(ada: Person) -> None:
    ready(ada, engine="offline")
    box(ada.page).fill("/compare")
    ada.page.get_by_role("option").first.wait_for()
    ada.page.keyboard.press("Enter")
    form = ada.page.get_by_test_id("workflow-dialog")
    form.get_by_role("button", name="Run").click()
    expect(form.locator("[aria-invalid=true]").first).to_be_visible()


STATES: dict[str, Callable[[Person], Any]] = {
    "empty": ready,
    "answered": _answered,
    "asking": _asking,
    "failed": _failed,
    "editing": _editing,
    "offline": _offline,
    "data model": _drawn,
    "workflow": _choosing,
}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_in_a_chat(join: Callable[..., Person], name: str) -> None:
    """WCAG 2.2 AA and good practice, in light and in dark."""
    ada = join(bypass_csp=True)
    STATES[name](ada)
    check(ada.page, name)


def test_axe_finds_nothing_in_lists_and_forms(join: Callable[..., Person]) -> None:
    """Empty and full, and the dialogs."""
    ada = join(bypass_csp=True)
    ada.watch.allow("status of 415")
    page = ada.page
    page.goto("/chats/")
    check(page, "no chats")
    start(ada)
    for path in ("/chats/", "/chats/?q=nothing", "/chats/new/"):
        page.goto(path)
        check(page, path)
    page.goto("/chats/")
    page.get_by_role("button", name="Chat", exact=True).click()
    page.set_input_files("#new-chat-files", [ORDERS, PHOTO])
    expect(page.locator(".upload[data-failed]")).to_be_visible()
    check(page, "new chat dialog")


def test_by_keyboard_alone(ada: Person, page: Page) -> None:
    """Write, decide, open a card, change a tab: without a mouse."""
    ready(ada, mode="act")
    expect(box(page)).to_be_focused()
    page.keyboard.type("Please call a tool")
    page.keyboard.press("Enter")
    expect(tool_gate(page)).to_be_visible()
    _tab_to(page, "[data-action=review]", back=True)
    page.keyboard.press("Enter")
    expect(tool_gate(page).get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(answers(page)).to_have_count(2)
    expect(box(page)).to_be_focused()
    expect(answers(page).nth(1)).to_have_attribute("data-status", "complete")
    _tab_to(page, "[data-testid=part-query] > summary", back=True)
    page.keyboard.press("Enter")
    expect(answers(page).nth(1).locator(".sql")).to_be_visible()
    page.get_by_test_id("panel").get_by_role("tab", name="Data").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Timeline", exact=True).last).to_be_focused()
    expect(page.get_by_test_id("panel-timeline")).to_be_visible()


def _tab_to(page: Page, selector: str, *, back: bool) -> None:
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The Tab key does not lead to {selector}.")


def test_readers_hear_steps_once_and_no_tokens(ada: Person, page: Page) -> None:
    """One polite region says the end of an answer; the conversation itself is silent."""
    ready(ada)
    ask(page)
    expect(page.locator("#announcer")).to_have_text("Answered.", timeout=15_000)
    log = page.get_by_role("log", name="Conversation")
    assert log.get_attribute("aria-live") == "off"
    expect(answers(page).get_by_role("heading", level=2)).to_have_text("Cairn answered")
    expect(questions(page).get_by_role("heading", level=2)).to_have_text(f"{ada.name} said")


def test_a_telephone_shows_one_column_with_tabs(join: Callable[..., Person]) -> None:
    """At 390 px nothing is cut off, and targets are large enough to touch."""
    ada = join(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = ada.page
    session_id = start(ada, mode="act")
    open_chat(ada, session_id)
    expect(state(page)).to_have_text("Ready")
    page.get_by_test_id("first-suggestions").get_by_role("button").first.tap()
    expect(answers(page)).to_have_attribute("data-status", "complete")
    say(page, "Please call a tool")
    expect(tool_gate(page)).to_be_visible()
    small = page.locator("button:visible, summary:visible, label.icon-button:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 28).map(one => one.outerHTML)"
    )
    assert small == []
    tabs = page.get_by_test_id("view-tabs")
    for name in ("Data", "Timeline", "Log", "Chats", "Chat"):
        tabs.get_by_role("tab", name=name, exact=True).tap()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, name
        for part in ("#scroll", "#panel-data", "#panel-timeline", "#panel-log"):
            cut = page.locator(part).evaluate("one => one.scrollWidth - one.clientWidth")
            assert cut <= 0, f"{name}: {part}"
    expect(tool_gate(page)).to_be_visible()
    expect(overlay(page)).to_be_visible()
    tabs.get_by_role("tab", name="Data", exact=True).tap()
    expect(page.get_by_test_id("panel-data")).to_be_visible()
    expect(box(page)).to_be_hidden()
    for path in ("/chats/", "/chats/new/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_on_a_narrow_window_the_list_of_chats_opens_over_the_conversation(
    join: Callable[..., Person],
) -> None:
    """It is closed at first, and again when the conversation is used."""
    ada = join(viewport={"width": 900, "height": 800})
    page = ada.page
    ready(ada)
    chats = page.get_by_test_id("history-list")
    toggle = page.get_by_role("button", name="Your chats")
    expect(chats).to_be_hidden()
    toggle.click()
    expect(chats).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.get_by_test_id("welcome").click(position={"x": 400, "y": 10})
    expect(chats).to_be_hidden()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    panel_toggle = page.get_by_role("button", name="Data, timeline and log")
    panel_toggle.click()
    expect(page.get_by_test_id("panel")).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("panel")).to_be_hidden()


def test_high_contrast_keeps_everything_readable(join: Callable[..., Person]) -> None:
    """Forced colours: the state, the chart and the question are still there."""
    ada = join(forced_colors="active")
    ready(ada)
    ask(ada.page)
    mark = answers(ada.page).locator("rect.mark").first
    assert mark.evaluate("one => getComputedStyle(one).fill") != "rgb(0, 0, 0)"
    say(ada.page, "Please ask me")
    expect(question_gate(ada.page).get_by_role("button", name="March")).to_be_visible()


def test_without_scripts(join: Callable[..., Person]) -> None:
    """The conversation, a form to write in, and one to decide with. Row 4-1."""
    ada = join(java_script_enabled=False)
    page = ada.page
    page.goto("/chats/new/")
    page.get_by_label("Name").fill("On paper")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On paper")
    _until(page, "Ready")
    for text in (QUESTION, "Please ask me"):
        page.get_by_label("Message", exact=True).fill(text)
        page.get_by_role("button", name="Send", exact=True).click()
        _until(page, "Ready" if text == QUESTION else "Waiting for an answer")
    expect(page.locator(".answer").first).to_contain_text("word1 word2")
    page.get_by_label("March").check()
    page.get_by_role("button", name="Answer", exact=True).click()
    _until(page, "Ready")
    expect(page.locator(".answer").last).to_contain_text("You asked (March)")
    shown = page.locator(".bubble").all_inner_texts()
    assert shown == [QUESTION, "Please ask me"]


def _until(page: Page, wanted: str) -> None:
    """Load the page again until its state is this, as the refresh in it does."""
    for _ in range(60):
        if state(page).inner_text().strip() == wanted:
            return
        page.wait_for_timeout(150)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def test_markup_is_text_wherever_it_appears(ada: Person, page: Page) -> None:
    """In questions, answers, titles and the lists beside them."""
    evil = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) <form action=//x><b>x</b></form>"
    ready(ada, title=evil)
    ask(page, evil)
    panel(page, "Timeline")
    for place in ("#conversation", "#history", "h1", "#run-timeline", ".chat-head"):
        found = page.locator(place).locator("img, b, [href^=javascript], form[action]")
        assert found.count() == (1 if place == "#history" else 0), place  # the search is a form
    assert bubbles(page) == [evil]
    expect(answers(page)).to_contain_text("<img src=x onerror=alert(1)>")
    page.goto("/chats/")
    expect(page.get_by_test_id("chat-list")).to_contain_text(re.compile("<img src=x"))
