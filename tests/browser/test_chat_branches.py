"""Other ways a conversation could go: editing, trying again, switching, merging."""

from playwright.sync_api import Page, expect

from tests.browser.chatting import (
    answers,
    ask,
    bubbles,
    open_chat,
    panel,
    questions,
    ready,
    say,
    session,
)
from tests.browser.people import Person


def _edit(page: Page, number: int, text: str) -> None:
    question = questions(page).nth(number)
    question.hover()
    question.get_by_role("button", name="Edit").click()
    question.get_by_label("Edit the message").fill(text)
    question.get_by_role("button", name="Ask this instead").click()


def _three_ways(ada: Person) -> str:
    """Be on a chat whose second question was asked in three ways; the last one is shown."""
    page = ada.page
    session_id = ready(ada)
    ask(page, "First?")
    ask(page, "Second?")
    for text in ("Second, edited?", "Second, edited twice?"):
        _edit(page, 1, text)
        expect(questions(page).nth(1).locator(".bubble")).to_have_text(text)
        expect(answers(page).nth(1)).to_contain_text(f"You asked: {text}")
        expect(answers(page).nth(1)).to_have_attribute("data-status", "complete")
    return session_id


def test_an_edited_question_goes_its_own_way(ada: Person, page: Page) -> None:
    """The earlier answers stay, one click away. Row 4-51."""
    session_id = _three_ways(ada)
    picker = questions(page).nth(1).get_by_test_id("branch-picker")
    expect(picker).to_contain_text("3 / 3")
    expect(questions(page).first.get_by_test_id("branch-picker")).to_be_hidden()
    picker.get_by_role("button", name="Earlier version").click()
    expect(picker).to_contain_text("2 / 3")
    expect(answers(page).nth(1)).to_contain_text("You asked: Second, edited?")
    picker.get_by_role("button", name="Earlier version").click()
    expect(picker).to_contain_text("1 / 3")
    expect(picker.get_by_role("button", name="Earlier version")).to_be_disabled()
    assert bubbles(page) == ["First?", "Second?"]
    say(page, "Third?")
    expect(answers(page)).to_have_count(3)
    found = session(ada, session_id)
    asked = next(one for one in found["messages"] if one["text"] == "Third?")
    assert asked["branch"] == next(one["id"] for one in found["branches"] if one["name"] == "main")


def test_both_tabs_show_the_same_branch(ada: Person, page: Page) -> None:
    """And so does a page that is loaded later. Rows 4-1, 4-51."""
    session_id = _three_ways(ada)
    other = open_chat(ada, session_id, ada.tab())
    expect(questions(other).nth(1).get_by_test_id("branch-picker")).to_contain_text("3 / 3")
    questions(page).nth(1).get_by_role("button", name="Earlier version").click()
    expect(questions(other).nth(1).get_by_test_id("branch-picker")).to_contain_text("2 / 3")
    page.reload()
    for tab in (page, other):
        expect(questions(tab).nth(1).locator(".bubble")).to_have_text("Second, edited?")
        assert bubbles(tab) == ["First?", "Second, edited?"]


def test_an_edit_can_be_given_up_or_refused(ada: Person, page: Page) -> None:
    """Nothing is sent; an error stands where the text is. Row 4-51."""
    ada.watch.allow("status of 400")
    ready(ada)
    ask(page, "First?")
    question = questions(page).first
    question.hover()
    question.get_by_role("button", name="Edit").click()
    editor = question.get_by_label("Edit the message")
    expect(editor).to_be_focused()
    editor.fill("  ")
    expect(question.get_by_role("button", name="Ask this instead")).to_be_disabled()
    editor.fill("Look at @nothing.md")
    page.keyboard.press("Enter")
    expect(question.get_by_role("alert")).to_contain_text("nothing.md")
    editor.press("Escape")
    expect(question.locator(".bubble")).to_have_text("First?")
    expect(question.get_by_role("button", name="Edit")).to_be_focused()
    assert page.get_by_test_id("branches-button").is_hidden()


def test_the_same_can_be_asked_again(ada: Person, page: Page) -> None:
    """From the question and from its answer. Rows 1-37, 4-51."""
    ready(ada)
    answer = ask(page, "Once?")
    answer.get_by_role("button", name="Answer again").click()
    picker = questions(page).first.get_by_test_id("branch-picker")
    expect(picker).to_contain_text("2 / 2")
    expect(answers(page)).to_have_attribute("data-status", "complete")
    assert bubbles(page) == ["Once?"]
    questions(page).first.get_by_role("button", name="Ask again").click()
    expect(picker).to_contain_text("3 / 3")


def test_all_branches_are_listed_shown_and_merged(ada: Person, page: Page) -> None:
    """What one found is brought to the end of another. Row 4-51."""
    session_id = _three_ways(ada)
    page.get_by_test_id("branches-button").click()
    dialog = page.get_by_test_id("branches-dialog")
    rows = dialog.locator(".branch-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("Second, edited twice?")
    expect(rows.nth(2)).to_contain_text("shown")
    rows.first.get_by_role("button", name="Show").click()
    expect(rows.first).to_contain_text("shown")
    rows.nth(2).get_by_role("button", name="Merge into main").click()
    expect(dialog).to_be_hidden()
    expect(questions(page)).to_have_count(3)
    assert bubbles(page) == ["First?", "Second?", "Second, edited twice?"]
    expect(answers(page).nth(2)).to_contain_text("You asked: Second, edited twice?")
    expect(answers(page).nth(2).get_by_test_id("part-query")).to_be_visible()
    expect(panel(page, "Timeline")).to_contain_text("merged into main")
    page.reload()
    expect(questions(page)).to_have_count(3)
    assert len(session(ada, session_id)["branches"]) == 3
