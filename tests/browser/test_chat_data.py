"""Real data and the engine that needs no model: from files to answers that can be checked."""

import re

from playwright.sync_api import Page, expect

from tests.browser.chatting import (
    CUSTOMERS,
    NOTES,
    ORDERS,
    answers,
    ask,
    box,
    open_chat,
    panel,
    part,
    questions,
    ready,
    start,
    state,
    upload,
)
from tests.browser.people import Person


def test_a_question_about_penguins(ada: Person, page: Page) -> None:
    """Interpretation, SQL and row count, and the figures themselves. Rows 1-5, 1-6, 4-36."""
    ready(ada, engine="offline")
    answer = ask(page, "What is the average body mass by species?")
    query = part(answer, "query")
    expect(query).to_contain_text("3 rows")
    query.locator("summary").click()
    expect(query.locator(".sql")).to_contain_text("avg(")
    expect(query.get_by_role("row", name=re.compile("Gentoo"))).to_contain_text("5076")
    expect(answer.locator(".answer")).to_contain_text("Gentoo")
    expect(part(answer, "summary")).to_be_visible()


def test_a_follow_up_knows_what_was_asked_before(ada: Person, page: Page) -> None:
    """The second question leaves out what the first one said. Row 1-42."""
    ready(ada, engine="offline")
    ask(page, "What is the average body mass by species?")
    answer = ask(page, "And by island?")
    expect(part(answer, "query").locator("summary")).to_contain_text("island")
    expect(answer.locator(".answer")).to_contain_text("Biscoe")


def test_the_panel_says_what_the_data_is(ada: Person, page: Page) -> None:
    """Types, empty cells, ranges, quality, issues. Row 0-5."""
    ready(ada, engine="offline")
    data = panel(page, "Data")
    expect(data).to_contain_text("344 rows")
    table = data.get_by_test_id("table-penguins")
    row = table.get_by_role("row", name=re.compile("body_mass_g"))
    expect(row).to_contain_text("number")
    expect(row).to_contain_text("0.6 %")
    expect(row).to_contain_text(re.compile(r"2700 . 6300"))
    expect(data.get_by_test_id("quality")).to_contain_text("of 100")
    with page.expect_download() as caught:
        data.get_by_role("link", name="Download as YAML").click()
    text = caught.value.path().read_text()
    assert "name: penguins" in text
    assert "body_mass_g" in text


def test_files_that_belong_together_are_drawn_together(ada: Person, page: Page) -> None:
    """Keys, the relationship between them, and a sketch of it. Row 0-5."""
    files = [upload(ada, ORDERS), upload(ada, CUSTOMERS)]
    session_id = start(ada, engine="offline", demo="", files=files)
    open_chat(ada, session_id)
    expect(state(page)).to_have_text("Ready")
    data = panel(page, "Data")
    sketch = data.get_by_test_id("er-diagram")
    expect(sketch).to_have_attribute("aria-label", re.compile("orders refers to customers"))
    expect(sketch.locator(".er-link")).to_have_count(1)
    expect(sketch.locator(".er-mark.key")).to_have_count(2)
    expect(data).to_contain_text("orders.customer_id → customers.customer_id")
    expect(data.locator("#file-list")).to_contain_text("customers.csv")
    answer = ask(page, "What is the total amount by city?")
    expect(answer.locator(".answer")).to_contain_text("Oslo")


def test_an_unsure_engine_declines_and_says_what_can_be_asked(ada: Person, page: Page) -> None:
    """Instead of guessing. Row 1-33."""
    ready(ada, engine="offline")
    answer = ask(page, "Who painted the Mona Lisa?")
    expect(part(answer, "query")).to_have_count(0)
    expect(answer.locator(".answer")).not_to_be_empty()


def test_a_quoted_file_can_be_opened(ada: Person, page: Page) -> None:
    """As a card that opens to the lines that went along; also after a reload. Row 4-47."""
    ready(ada, engine="offline")
    page.set_input_files("#composer-files", [NOTES])
    expect(page.locator("#composer .upload")).to_contain_text("Ready")
    answer = ask(page, 'When did the colony move, by @"field notes.md:3-3"?')
    chip = questions(page).first.get_by_role("link", name=re.compile("field notes.md line 3"))
    with page.expect_download() as caught:
        chip.click()
    assert caught.value.path().read_bytes() == NOTES["buffer"]
    card = part(answer, "reference")
    expect(card).to_contain_text("line 3")
    page.reload()
    card = part(answers(page).first, "reference")
    card.locator("summary").click()
    expect(card.locator("pre")).to_have_text("The colony moved in 2008.\n")
    expect(box(page)).to_be_visible()
