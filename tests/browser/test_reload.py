"""A reload shows what was there, in every state. The page is rebuilt from the log."""

from playwright.sync_api import Page, expect

from tests.browser.people import (
    Person,
    checkpoint,
    comment,
    decide,
    lines,
    live,
    outcome,
    overlay,
    proposal,
    state,
    timeline,
)


def test_at_the_proposal(ada: Person, page: Page) -> None:
    """The dialog is open again, and its answer counts. Rows 2-61."""
    ada.at_proposal()
    page.reload()
    expect(proposal(page)).to_be_visible()
    decide(page, "Approve")
    expect(timeline(page)).to_contain_text("Starting iteration 1 of 4...")


def test_in_an_iteration(ada: Person, page: Page) -> None:
    """Lines are the same and more come. Rows 2-61."""
    ada.at_work(iterations=20, interval=10)
    expect(timeline(page)).to_contain_text("Starting iteration 2 of 20...")
    before = lines(page)
    page.reload()
    expect(live(page)).to_have_text("Live")
    expect(timeline(page).locator(".line-text").first).to_have_text(before[0])
    expect(timeline(page)).to_contain_text("Starting iteration 4 of 20...")
    assert lines(page)[: len(before)] == before
    expect(overlay(page)).to_contain_text("of 20")


def test_at_a_checkpoint(ada: Person, page: Page) -> None:
    """The dialog is open with its deltas; the timeline is as it was. Rows 2-61, 2-74."""
    ada.at_checkpoint()
    before = lines(page)
    page.reload()
    expect(checkpoint(page)).to_be_visible()
    expect(checkpoint(page).locator(".figures")).to_contain_text("+6")
    expect(timeline(page).locator(".line-text")).to_have_count(len(before))
    assert lines(page) == before
    comment(page).fill("After a reload")
    decide(page, "Approve (Continue)")
    expect(page.get_by_test_id("checkpoint-1")).to_contain_text("“After a reload”")


def test_at_the_end(ada: Person, page: Page) -> None:
    """All of a finished plan, without a stream that goes on. Rows 2-14, 2-59, 2-61."""
    ada.at_end()
    before = lines(page), page.get_by_test_id("final-plan").inner_text()
    page.reload()
    expect(live(page)).to_have_text("Ended")
    expect(timeline(page).locator(".line-text")).to_have_count(len(before[0]))
    assert (lines(page), page.get_by_test_id("final-plan").inner_text()) == before
    expect(page.get_by_test_id("final-figures")).to_contain_text("Data points12")
    assert page.locator("dialog[open]").count() == 0


def test_after_a_rejection(ada: Person, page: Page) -> None:
    """The decision, who made it, and why. Rows 2-61, 2-72."""
    ada.at_checkpoint()
    comment(page).fill("No budget")
    decide(page, "Reject (Stop)")
    expect(state(page)).to_have_text("Rejected")
    page.reload()
    expect(outcome(page)).to_contain_text("Checkpoint 1 rejected. Planning stopped.")
    expect(outcome(page)).to_contain_text("No budget")
    expect(page.get_by_test_id("checkpoint-1")).to_contain_text(f"Rejected by {ada.name}")
