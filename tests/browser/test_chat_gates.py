"""Tools that ask and questions back: cards in the conversation, decided once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.chatting import (
    answers,
    ask,
    box,
    open_chat,
    question_gate,
    ready,
    say,
    session,
    state,
    tool_gate,
)
from tests.browser.people import Person, overlay

ANSWER = "**/api/v1/gates/*/answer/"
TOOL = "Please call a tool"


def _asked(ada: Person) -> str:
    """Be on the page of a chat that asks whether a tool may run; return the chat's id."""
    session_id = ready(ada, mode="act")
    say(ada.page, TOOL)
    expect(tool_gate(ada.page)).to_be_visible()
    return session_id


def _tool(page: Page) -> object:
    return answers(page).get_by_test_id("part-tool")


def test_a_tool_call_shows_what_it_would_do(ada: Person, page: Page) -> None:
    """Name, description, arguments, deadline; the state and the inbox say it too.

    Rows 4-27, 4-46, 4-49.
    """
    _asked(ada)
    gate = tool_gate(page)
    expect(gate.get_by_role("heading", level=2)).to_have_text("May save_file run?")
    expect(gate).to_contain_text("save_file")
    expect(gate).to_contain_text("Write a file into the workspace")
    expect(gate).to_contain_text("report.md")
    expect(gate).to_contain_text("left to decide, then it counts as rejected")
    expect(state(page)).to_have_text("Waiting for approval")
    expect(answers(page).get_by_test_id("part-tool")).to_contain_text("Waiting for approval")
    expect(overlay(page)).to_contain_text("Waiting for a decision")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    page.goto("/inbox/")
    mine = page.get_by_test_id("inbox-mine")
    expect(mine).to_contain_text("May save_file run?")
    mine.get_by_role("link", name=re.compile("penguins")).click()
    expect(tool_gate(page)).to_be_visible()


def test_an_approved_call_is_made_and_shows_its_result(ada: Person, page: Page) -> None:
    """Requested, approved, running, result, and the answer goes on. Rows 4-46, 4-49."""
    session_id = _asked(ada)
    tool_gate(page).get_by_role("button", name="Approve", exact=True).click()
    expect(tool_gate(page)).to_be_hidden()
    expect(answers(page)).to_have_count(2)
    expect(answers(page).nth(1)).to_have_attribute("data-status", "complete")
    card = answers(page).first.get_by_test_id("part-tool")
    expect(card).to_contain_text("Done")
    expect(card).to_contain_text(f"approved by {ada.name}")
    card.locator("summary").first.click()
    card.get_by_text("Result", exact=True).click()
    expect(card).to_contain_text('"path": "report.md"')
    expect(answers(page).nth(1).get_by_test_id("part-tool")).to_have_count(0)
    expect(page).to_have_title(re.compile("^penguins"))
    page.reload()
    expect(card).to_contain_text(f"approved by {ada.name}")
    assert session(ada, session_id)["state"] == "idle"


def test_arguments_can_be_changed_first(ada: Person, page: Page) -> None:
    """As JSON, checked while it is written; what was proposed comes back at will. Row 4-49."""
    _asked(ada)
    gate = tool_gate(page)
    gate.get_by_text("Edit the arguments").click()
    text = gate.get_by_label("Arguments of save_file, as JSON")
    expect(text).to_have_value('{\n  "path": "report.md"\n}')
    text.fill('{"path": "other.md"')
    expect(gate.locator(".field-error")).to_contain_text("This is not JSON yet")
    gate.get_by_role("button", name="Approve", exact=True).click()
    expect(gate).to_be_visible()
    expect(text).to_be_focused()
    gate.get_by_role("button", name="Reset").click()
    expect(text).to_have_value('{\n  "path": "report.md"\n}')
    text.fill('["other.md"]')
    expect(gate.locator(".field-error")).to_contain_text("must be an object")
    text.fill('{"path": "other.md"}')
    with page.expect_request(ANSWER) as caught:
        gate.get_by_role("button", name="Approve", exact=True).click()
    sent = caught.value.post_data_json
    assert sent is not None
    assert sent["payload"] == {"arguments": {"call-1": {"path": "other.md"}}}
    card = answers(page).first.get_by_test_id("part-tool")
    expect(card).to_contain_text(f"edited and approved by {ada.name}")
    card.locator("summary").first.click()
    expect(card.locator(".facts").first).to_contain_text("other.md")
    card.get_by_text("Arguments as they were proposed").click()
    expect(card).to_contain_text('"path": "report.md"')


def test_a_denied_call_is_not_made_and_the_reason_stays(ada: Person, page: Page) -> None:
    """Row 4-49."""
    _asked(ada)
    tool_gate(page).get_by_label("Reason or comment").fill("Not on a Friday")
    tool_gate(page).get_by_role("button", name="Deny").click()
    expect(answers(page)).to_have_count(2)
    card = answers(page).first.get_by_test_id("part-tool")
    expect(card).to_contain_text("Denied")
    card.locator("summary").click()
    expect(card).to_contain_text("Not on a Friday")
    expect(answers(page).nth(1)).to_contain_text("It was not allowed: Not on a Friday.")
    expect(answers(page).nth(1).get_by_test_id("message-end")).to_contain_text("not allowed")


def test_a_tool_can_be_allowed_for_the_whole_chat(ada: Person, page: Page) -> None:
    """The next call says that it was allowed in advance. Row 4-49."""
    session_id = _asked(ada)
    tool_gate(page).get_by_role("button", name="Always allow in this chat").click()
    expect(answers(page)).to_have_count(2)
    expect(answers(page).nth(1)).to_have_attribute("data-status", "complete")
    answer = ask(page, TOOL)
    expect(answer.get_by_test_id("part-tool")).to_contain_text("allowed in advance")
    expect(tool_gate(page)).to_be_hidden()
    assert session(ada, session_id)["auto_approve"] == ["save_file"]


def test_a_question_back_is_answered_by_a_choice_or_in_words(ada: Person, page: Page) -> None:
    """Buttons for the options, a field for everything else. Row 4-49."""
    ready(ada)
    say(page, "Please ask me")
    gate = question_gate(page)
    expect(gate.get_by_role("heading", level=2)).to_have_text("Which month do you mean?")
    expect(state(page)).to_have_text("Waiting for an answer")
    gate.get_by_role("button", name="Answer", exact=True).click()
    expect(gate.get_by_role("alert")).to_contain_text("Choose an answer, or write one.")
    gate.get_by_role("button", name="February").click()
    expect(answers(page).last).to_contain_text("You asked (February)")
    expect(page.get_by_test_id("asked")).to_contain_text(f"Answered by {ada.name}: February")

    say(page, "Please ask me again")
    gate.get_by_label("Or in your own words").fill("The last one")
    page.keyboard.press("Control+Enter")
    expect(answers(page).last).to_contain_text("You asked (The last one)")


def test_a_failed_decision_comes_back_with_everything(ada: Person, page: Page) -> None:
    """The card is gone at once, and returns with the reason. Row 4-49."""
    ada.watch.allow("status of 503")
    _asked(ada)
    gate = tool_gate(page)
    gate.get_by_label("Reason or comment").fill("Go on")
    held: list[Route] = []
    page.route(ANSWER, lambda route: held.append(route), times=1)
    gate.get_by_role("button", name="Approve", exact=True).click()
    expect(gate).to_be_hidden()
    expect(overlay(page)).to_contain_text("Sending your decision…")
    held[0].fulfill(status=503, body="{}")
    expect(gate).to_be_visible()
    expect(gate.get_by_role("alert").first).to_contain_text("The server had a problem")
    expect(gate.get_by_label("Reason or comment")).to_have_value("Go on")
    gate.get_by_role("button", name="Approve", exact=True).click()
    expect(answers(page)).to_have_count(2)


def test_a_second_decision_is_told_who_was_first(ada: Person, page: Page) -> None:
    """In another tab, in the meantime; what was written can be copied. Row 4-49."""
    session_id = _asked(ada)
    other = open_chat(ada, session_id, ada.tab())
    expect(tool_gate(other)).to_be_visible()
    tool_gate(other).get_by_label("Reason or comment").fill("I thought otherwise")
    tool_gate(page).get_by_role("button", name="Deny").click()
    expect(tool_gate(other).get_by_role("alert").first).to_contain_text(
        f"This was decided meanwhile by {ada.name}. What you wrote was not sent."
    )
    expect(tool_gate(other).get_by_label("Reason or comment")).to_have_value("I thought otherwise")
    tool_gate(other).get_by_role("button", name="Close").click()
    expect(tool_gate(other)).to_be_hidden()
    for tab in (page, other):
        expect(state(tab)).to_have_text("Ready")
    said = [tab.locator(".answer, .part-title").all_inner_texts() for tab in (page, other)]
    assert said[0] == said[1]


def test_a_waiting_chat_can_be_stopped(ada: Person, page: Page) -> None:
    """The question is withdrawn; the next message is answered. Rows 4-32, 4-43."""
    _asked(ada)
    overlay(page).get_by_role("button", name="Cancel").click()
    expect(tool_gate(page)).to_be_hidden()
    expect(answers(page)).to_have_attribute("data-status", "cancelled")
    expect(answers(page).get_by_test_id("part-tool")).to_contain_text("Withdrawn")
    expect(state(page)).to_have_text("Ready")
    ask(page, "And now?")
    expect(box(page)).to_be_focused()


def test_an_overlay_leads_back_to_the_question(ada: Person, page: Page) -> None:
    """From wherever in the conversation."""
    ready(ada, mode="act")
    for number in range(3):
        ask(page, f"Question {number}?")
    say(page, TOOL)
    expect(tool_gate(page)).to_be_in_viewport()
    page.locator("#scroll").evaluate("one => one.scrollTo(0, 0)")
    expect(tool_gate(page)).not_to_be_in_viewport()
    overlay(page).get_by_role("button", name="Review the tool call").click()
    expect(tool_gate(page)).to_be_in_viewport()
    expect(tool_gate(page).get_by_role("heading", level=2)).to_be_focused()


def test_whoever_may_not_decide_sees_what_is_asked(join: Callable[..., Person]) -> None:
    """A foreign chat does not exist for others."""
    ada, eve = join(), join()
    eve.watch.allow("status of 404")
    session_id = _asked(ada)
    answer = eve.page.goto(f"/chats/{session_id}/")
    assert answer
    assert answer.status == 404
