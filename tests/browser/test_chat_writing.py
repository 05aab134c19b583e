"""Writing: the composer's keys, menus and files, and what happens when a message is refused."""

import re

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.chatting import (
    NOTES,
    QUESTION,
    answers,
    ask,
    box,
    bubbles,
    open_chat,
    panel,
    questions,
    ready,
    say,
    send_button,
    session,
    state,
)
from tests.browser.people import Person

POST = "**/api/v1/sessions/*/messages/"


def test_nothing_is_not_sent(ada: Person, page: Page) -> None:
    """White space alone leaves the button disabled and the network quiet. Row 1-28."""
    requests: list[Request] = []
    page.on("request", lambda one: requests.append(one))
    ready(ada)
    expect(send_button(page)).to_be_disabled()
    for text in ("", "   ", "\n\n\t"):
        box(page).fill(text)
        expect(send_button(page)).to_be_disabled()
        page.keyboard.press("Enter")
    assert [one for one in requests if one.method == "POST"] == []
    box(page).fill("x")
    expect(send_button(page)).to_be_enabled()
    expect(questions(page)).to_have_count(0)


def test_enter_sends_and_shift_enter_does_not(ada: Person, page: Page) -> None:
    """Nor does the Enter that ends the composition of a character."""
    ready(ada)
    box(page).fill("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    box(page).evaluate(
        """(one) => one.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    expect(box(page)).to_have_value("First line\nsecond line")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("")
    expect(questions(page)).to_have_count(1)
    assert bubbles(page) == ["First line\nsecond line"]


def test_a_message_is_there_at_once(ada: Person, page: Page) -> None:
    """Before the server has said anything; then it is the server's. Row 1-29."""
    ready(ada)
    held: list[Route] = []
    page.route(POST, lambda route: held.append(route))
    say(page, QUESTION)
    expect(questions(page)).to_have_attribute("data-state", "sending")
    assert bubbles(page) == [QUESTION]
    expect(questions(page)).to_contain_text("Sending…")
    held[0].continue_()
    expect(questions(page)).to_have_attribute("data-state", "sent")
    expect(answers(page)).to_have_attribute("data-status", "complete")
    assert bubbles(page) == [QUESTION]


def test_a_message_that_was_not_sent_can_be_tried_again(ada: Person, page: Page) -> None:
    """It stays, marked, with the reason; it is asked once. Rows 1-29, 1-37, 4-42."""
    ada.watch.allow("status of 503", "ERR_FAILED")
    session_id = ready(ada)
    page.route(POST, lambda route: route.fulfill(status=503, body="{}"), times=1)
    say(page, QUESTION)
    expect(questions(page)).to_have_attribute("data-state", "failed")
    expect(questions(page)).to_contain_text("The server had a problem; try again.")
    page.route(POST, lambda route: route.abort(), times=1)
    questions(page).get_by_role("button", name="Try again").click()
    expect(questions(page)).to_contain_text("The server could not be reached")
    questions(page).get_by_role("button", name="Try again").click()
    expect(answers(page)).to_have_attribute("data-status", "complete")
    assert bubbles(page) == [QUESTION]
    assert len(session(ada, session_id)["messages"]) == 2


def test_an_answer_that_was_lost_does_not_ask_twice(ada: Person, page: Page) -> None:
    """The server took the message, but its answer never came. Row 1-29."""
    ada.watch.allow("ERR_FAILED")
    session_id = ready(ada)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(POST, lose, times=1)
    say(page, QUESTION)
    expect(answers(page)).to_have_attribute("data-status", "complete")
    expect(questions(page)).to_have_count(1)
    assert len(session(ada, session_id)["messages"]) == 2


def test_a_message_that_is_given_up_can_be_written_on(ada: Person, page: Page) -> None:
    """What was refused comes back to the composer."""
    ada.watch.allow("status of 400")
    ready(ada)
    say(page, "Look at @nothing.md")
    expect(questions(page)).to_have_attribute("data-state", "failed")
    expect(questions(page)).to_contain_text("nothing.md")
    questions(page).get_by_role("button", name="Discard").click()
    expect(questions(page)).to_have_count(0)
    expect(box(page)).to_have_value("Look at @nothing.md")


def test_a_draft_survives_a_reload(ada: Person, page: Page) -> None:
    """Of this chat alone."""
    session_id = ready(ada)
    box(page).fill("Half a thought")
    page.reload()
    expect(box(page)).to_have_value("Half a thought")
    other = ready(ada)
    assert other != session_id
    expect(box(page)).to_have_value("")


def test_a_failed_answer_says_why_and_offers_another_try(ada: Person, page: Page) -> None:
    """In the words of the old chat, without a trace of code. Rows 1-26, 1-37, 4-42."""
    ready(ada)
    say(page, "Please fail")
    end = answers(page).get_by_test_id("message-end")
    expect(end.locator("p")).to_have_text("Error: The script says that this fails.")
    assert "Traceback" not in page.inner_text("body")
    expect(state(page)).to_have_text("Ready")
    end.get_by_role("button", name="Try again").click()
    expect(questions(page).get_by_test_id("branch-picker")).to_contain_text("2 / 2")
    expect(answers(page)).to_have_attribute("data-status", "failed")


def test_a_file_is_attached_named_and_read(ada: Person, page: Page) -> None:
    """It goes up while the message is written; the text refers to it. Row 4-47."""
    session_id = ready(ada)
    box(page).fill("What changed?")
    page.set_input_files("#composer-files", [NOTES])
    expect(page.locator("#composer .upload")).to_contain_text("Ready")
    expect(box(page)).to_have_value('What changed? @"field notes.md" ')
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_attribute("data-status", "complete")
    expect(page.locator("#composer .upload")).to_have_count(0)
    (asked,) = [one for one in session(ada, session_id)["messages"] if one["role"] == "user"]
    assert [one["path"] for one in asked["parts"]["references"]] == ["field notes.md"]


def test_at_offers_the_files_of_the_workspace(ada: Person, page: Page) -> None:
    """By keyboard: filter, choose, go on writing. Row 4-47."""
    ready(ada)
    page.set_input_files("#composer-files", [NOTES])
    expect(page.locator("#composer .upload")).to_contain_text("Ready")
    ask(page, "Take it in")
    box(page).fill("")
    page.keyboard.type("Read @not")
    menu = page.get_by_role("listbox", name="Files")
    expect(menu.get_by_role("option")).to_have_count(1)
    option = menu.get_by_role("option", name="field notes.md")
    expect(option).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(menu).to_be_hidden()
    expect(box(page)).to_have_value('Read @"field notes.md" ')
    page.keyboard.type("now @zzz")
    expect(menu).to_contain_text("No file is called that.")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_slash_starts_a_workflow_with_checked_parameters(ada: Person, page: Page) -> None:
    """Menu, form, an error at its field, a result card; all in the log. Row 4-48."""
    session_id = ready(ada, engine="offline")
    page.keyboard.type("/top")
    menu = page.get_by_role("listbox", name="Workflows")
    expect(menu.get_by_role("option").filter(has_text="/top-values")).to_be_visible()
    page.keyboard.press("Enter")
    form = page.get_by_test_id("workflow-dialog")
    expect(form.get_by_role("heading", level=2)).to_be_visible()
    expect(box(page)).to_have_value("")
    form.get_by_role("button", name="Run").click()
    needed = form.locator(".field-error:visible").first
    expect(needed).to_contain_text("is needed")
    expect(form.locator("[aria-invalid=true]").first).to_be_focused()
    form.get_by_label("Column").select_option("species")
    form.get_by_role("button", name="Run").click()
    expect(form).to_be_hidden()
    card = page.get_by_test_id("result-card")
    expect(card).to_contain_text("Adelie")
    expect(questions(page)).to_contain_text("/top-values")
    expect(panel(page, "Timeline")).to_contain_text("/top-values")
    before = card.inner_text()
    open_chat(ada, session_id)
    expect(card).to_contain_text("Adelie")
    assert card.inner_text() == before


def test_the_mode_is_switched_by_somebody(ada: Person, page: Page) -> None:
    """Both tabs show it, with who did; later messages use other tools. Row 4-50."""
    session_id = ready(ada)
    other = open_chat(ada, session_id, ada.tab())
    mode = page.get_by_test_id("mode")
    expect(mode.get_by_label("Plan")).to_be_checked()
    mode.get_by_label("Act").check()
    expect(page.get_by_test_id("system-message")).to_contain_text("The mode is act now")
    expect(page.get_by_test_id("system-message")).to_contain_text(ada.name)
    expect(other.get_by_test_id("mode").get_by_label("Act")).to_be_checked()
    assert session(ada, session_id)["mode"] == "act"


def test_a_chat_is_renamed_everywhere(ada: Person, page: Page) -> None:
    """On the page, in its title, in the list beside it, and in another tab."""
    session_id = ready(ada)
    other = open_chat(ada, session_id, ada.tab())
    page.get_by_role("button", name="Rename this chat").click()
    page.get_by_label("Name", exact=True).fill("Birds of the south")
    page.keyboard.press("Enter")
    for tab in (page, other):
        expect(tab.get_by_role("heading", level=1)).to_have_text("Birds of the south")
        expect(tab).to_have_title("Birds of the south · Cairn")
        expect(tab.get_by_test_id("history-list")).to_contain_text("Birds of the south")


def test_other_chats_are_found_beside_the_one_that_is_open(ada: Person, page: Page) -> None:
    """By what was asked in them."""
    first = ready(ada, title="About herons")
    ask(page, "Where do the herons sleep?")
    ready(ada, title="About storks")
    search = page.get_by_role("searchbox", name="Search chats")
    search.fill("sleep")
    found = page.get_by_test_id("history-list").get_by_role("link")
    expect(found).to_have_count(1)
    search.fill("nobody asked this")
    expect(page.get_by_text("No chat says that.")).to_be_visible()
    search.fill("sleep")
    found.click()
    expect(page).to_have_url(re.compile(first))
