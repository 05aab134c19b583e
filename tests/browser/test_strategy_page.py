"""The page of a strategy while it is worked on, and after."""

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.people import Person, live, overlay, state
from tests.browser.strategies import (
    GOAL,
    STEPS,
    document,
    finished,
    outcome,
    start,
    step,
    strategy,
    visit,
)


def test_from_the_form_to_the_strategy(ada: Person, page: Page) -> None:
    """Rows 3-41, 3-46, 3-64, 3-65."""
    page.goto("/strategies/")
    page.get_by_role("link", name="Start a strategy").click()
    page.get_by_label("Goal").fill(GOAL)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GOAL)
    expect(outcome(page)).to_contain_text("Strategy ready!")
    for number, title in enumerate(STEPS, 1):
        expect(step(page, number)).to_contain_text(f"{number}. {title}")
        expect(step(page, number)).to_contain_text("Done")
    expect(document(page)).to_contain_text("share 7: 71%")
    expect(state(page)).to_have_text("Completed")
    expect(overlay(page)).to_be_hidden()
    outcome(page).get_by_role("link", name=re.compile("strategy-enter")).click()
    expect(page.get_by_test_id("entity-body")).to_contain_text("share 7: 71%")
    page.get_by_role("link", name="See how the strategy was made").click()
    expect(document(page)).to_be_visible()


def test_one_stream_tells_everything(ada: Person, page: Page) -> None:
    """Rows 3-64, 3-65; conflict C1: nothing is polled while all is well."""
    requests: list[Request] = []
    page.on("request", lambda one: requests.append(one))
    finished(ada)
    expect(live(page)).to_have_text("Ended")
    streams = [one for one in requests if "/events/" in one.url]
    assert len(streams) == 1
    assert streams[0].headers["accept"].startswith("text/event-stream")
    assert not [one for one in requests if "/status" in one.url]
    assert "timed out" not in page.content()


def test_a_reload_shows_what_watching_showed(ada: Person, page: Page) -> None:
    """Row 3-65; trap T17."""
    finished(ada)
    seen = [step(page, number).inner_text() for number in range(1, 9)]
    page.reload()
    expect(outcome(page)).to_contain_text("Strategy ready!")
    expect(step(page, 8)).to_contain_text("Done")
    assert [step(page, number).inner_text() for number in range(1, 9)] == seen


def test_a_step_opens_to_what_it_found(ada: Person, page: Page) -> None:
    """Rows 3-13, 3-41."""
    pk = finished(ada)
    row = step(page, 2)
    row.locator("summary").click()
    for text in (
        "For whom this is done",
        "Findings",
        "In part 2 of the script",
        "Data points",
        "Gaps",
    ):
        expect(row).to_contain_text(text)
    taken = strategy(ada, pk)["steps"][1]["duration_ms"]
    shown = f"{taken} ms" if taken < 100 else f"{taken / 1000:.1f} s"
    expect(row.locator("time")).to_have_text(shown)
    expect(page.locator("[data-metric=frameworks]")).to_have_text("10")


def test_the_list_has_the_strategy_and_its_state(ada: Person, page: Page) -> None:
    """Row 3-46."""
    pk = start(ada)
    page.goto("/strategies/")
    row = page.get_by_test_id("strategy-list")
    expect(row).to_contain_text(GOAL)
    row.get_by_role("link", name=GOAL).click()
    expect(page).to_have_url(re.compile(f"/strategies/{pk}/$"))
    nav = page.get_by_role("navigation", name="Main")
    expect(nav.get_by_role("link", name="Strategies")).to_have_attribute("aria-current", "page")


def test_a_wrong_form_says_what_is_wrong(ada: Person, page: Page) -> None:
    """Row 3-61."""
    ada.watch.allow("400")
    page.goto("/strategies/new/")
    page.get_by_label("Goal").fill("   ")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("[data-form-error]")).to_be_visible()
    expect(page).to_have_url(re.compile("/strategies/new/$"))


def test_two_tabs_show_the_same(ada: Person, page: Page) -> None:
    """Row 3-63."""
    pk = start(ada)
    visit(ada, pk, page)
    other = visit(ada, pk, ada.tab())
    for tab in (page, other):
        expect(outcome(tab)).to_contain_text("Strategy ready!")
    assert step(page, 8).inner_text() == step(other, 8).inner_text()
