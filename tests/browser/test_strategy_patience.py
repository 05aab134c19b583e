"""A strategy that is slow, or that fails in part: the page waits, asks, and loses nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.people import Person, banner, live, overlay, state
from tests.browser.serving import Server, serve
from tests.browser.strategies import outcome, stalled, start, step, strategy, visit

# The fourth step fails for good; the seventh says nothing for longer than any test.
SCRIPT: dict[str, Any] = {
    "events_per_iteration": 2,
    "fail": {"competition": {"times": 99, "error": "permanent"}},
    "slow": {"risks": 300},
}
FIVE_MINUTES = 300_000


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("slow"), SCRIPT) as running:
        yield running


@pytest.fixture
def ada(sign_in: SignIn, slow: Server) -> Person:
    return sign_in(slow)


def waiting(ada: Person) -> str:
    """Be on the page of a strategy in a step that says nothing more, with a clock of our own."""
    ada.page.clock.install()
    pk = start(ada)
    visit(ada, pk)
    expect(step(ada.page, 7)).to_contain_text("At work")
    # Only the log tells of cards: from here on the page knows all that was told.
    expect(overlay(ada.page)).to_contain_text("A risk that is named is already smaller.")
    return pk


def test_a_step_that_fails_is_left_out_and_the_others_go_on(ada: Person, page: Page) -> None:
    """Rows 3-4, 3-13: what is missing, and what stands in its place."""
    waiting(ada)
    expect(step(page, 4)).to_contain_text("Left out")
    expect(step(page, 4)).to_contain_text("The script says that competition fails.")
    for number in (1, 2, 3, 5, 6):
        expect(step(page, number)).to_contain_text("Done")
    step(page, 4).locator("summary").click()
    expect(step(page, 4)).to_contain_text("Competitive analysis and Porter's Five Forces were not")
    expect(state(page)).to_have_text("Running")


def test_the_card_is_about_the_step_and_how_long_it_takes(ada: Person, page: Page) -> None:
    """Rows 3-7, 3-13."""
    waiting(ada)
    expect(overlay(page)).to_contain_text("Step 7 of 8")
    card = overlay(page).locator(".overlay-card")
    expect(card).to_contain_text("Assessing the risks")
    expect(card).to_contain_text("A risk that is named is already smaller.")
    card.locator("summary").click()
    expect(card).to_contain_text("A risk has a cause, an event and an effect.")
    expect(card).to_contain_text("Takes about 2 s.")
    expect(page.get_by_test_id("estimate")).to_contain_text("takes about")
    assert page.locator("#overlay progress").evaluate("one => one.value") == 70


def test_after_five_minutes_without_progress_the_page_asks(ada: Person, page: Page) -> None:
    """Rows 3-14, 3-51: keep waiting is one answer, and it holds for the same time again."""
    pk = waiting(ada)
    page.clock.fast_forward(FIVE_MINUTES - 60_000)
    expect(live(page)).to_have_text("Live")
    expect(stalled(page)).to_be_hidden()
    page.clock.fast_forward(60_000)
    expect(stalled(page)).to_contain_text("“Assessing the risks” has told nothing for 5 min")
    expect(stalled(page)).to_contain_text("Nothing is lost")
    stalled(page).get_by_role("button", name="Keep waiting").click()
    expect(stalled(page)).to_be_hidden()
    page.clock.fast_forward(FIVE_MINUTES - 60_000)
    expect(live(page)).to_have_text("Live")
    expect(stalled(page)).to_be_hidden()
    page.clock.fast_forward(60_000)
    expect(stalled(page)).to_be_visible()
    assert strategy(ada, pk)["state"] == "running"
    assert "timed out" not in page.content().lower()


def test_stopping_keeps_what_was_found(ada: Person, page: Page) -> None:
    """Row 3-14: the run is stopped by a person, never by a clock."""
    pk = waiting(ada)
    page.clock.fast_forward(FIVE_MINUTES)
    stalled(page).get_by_role("button", name="Stop the strategy").click()
    expect(outcome(page)).to_contain_text("Strategy stopped.")
    expect(outcome(page)).to_contain_text("What was found so far stays below.")
    expect(step(page, 1)).to_contain_text("Done")
    expect(step(page, 7)).to_contain_text("Stopped")
    expect(overlay(page)).to_be_hidden()
    assert len(strategy(ada, pk)["steps"][1]["findings"]) == 2


def test_escape_is_waiting_as_well(ada: Person, page: Page) -> None:
    """Row 3-14."""
    waiting(ada)
    page.clock.fast_forward(FIVE_MINUTES)
    expect(stalled(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(stalled(page)).to_be_hidden()
    expect(overlay(page)).to_be_visible()


def test_a_page_that_was_offline_does_not_take_that_for_silence(ada: Person, page: Page) -> None:
    """Rows 3-14, 3-7: what it cannot hear is no silence; the banner says what is wrong."""
    ada.watch.allow("Failed to load resource", "ERR_")
    waiting(ada)
    ada.context.set_offline(True)
    expect(banner(page)).to_contain_text("You are offline.")
    expect(banner(page)).to_contain_text("The strategy goes on, and nothing is lost.")
    page.clock.fast_forward(FIVE_MINUTES)
    expect(banner(page)).to_be_visible()
    expect(stalled(page)).to_be_hidden()
    ada.context.set_offline(False)
    expect(live(page)).to_have_text("Live")
    expect(stalled(page)).to_be_visible()


def test_six_minutes_with_progress_are_no_trouble(sign_in: SignIn, tmp_path: Path) -> None:
    """Row 3-6: there is no limit on the whole, only on silence."""
    with serve(tmp_path, {"events_per_iteration": 4, "delay": 0.2}) as talkative:
        ada = sign_in(talkative)
        page, minutes = ada.page, 0.0
        page.clock.install()
        visit(ada, start(ada))
        bar = page.locator("#overlay progress")
        seen = bar.get_attribute("value")
        while minutes < 6:
            expect(bar).not_to_have_attribute("value", seen or "")
            seen = bar.get_attribute("value")
            page.clock.fast_forward(25_000)  # less than what a heartbeat may be late
            minutes += 25 / 60
            expect(stalled(page)).to_be_hidden()
        expect(state(page)).to_have_text("Running")
        assert "timed out" not in page.content().lower()
        page.close()  # before its server goes
