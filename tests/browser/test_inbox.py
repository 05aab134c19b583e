"""The inbox: all questions that wait, for those who may answer and those who may look."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.people import Person, checkpoint, decide, outcome, overlay, proposal, state


def test_five_plans_wait_at_once(ada: Person, page: Page) -> None:
    """Each has its own question; the badge and the title count them. Rows 2-63, 2-70."""
    plans = [ada.propose(goal=f"Goal number {number}") for number in range(5)]
    page.goto("/inbox/")
    mine = page.get_by_test_id("inbox-mine")
    expect(mine.locator("li")).to_have_count(5)
    expect(page.get_by_role("link", name="Inbox")).to_contain_text("5")
    expect(page).to_have_title(re.compile(r"^\(5\) Inbox"))
    for plan_id in plans[:2]:
        gate = ada.plan(plan_id)["pending_gate"]
        answer = {"decision": "reject", "digest": gate["digest"]}
        ada.api("POST", f"gates/{gate['id']}/answer/", answer)
    expect(mine.locator("li")).to_have_count(3)
    expect(page).to_have_title(re.compile(r"^\(3\)"))
    mine.get_by_role("link", name=re.compile("Goal number 4")).click()
    expect(proposal(page)).to_contain_text("Goal number 4")


def test_an_empty_inbox_says_what_it_is_for(page: Page) -> None:
    """No question, no number. Rows 2-63."""
    page.goto("/inbox/")
    expect(page.get_by_test_id("empty")).to_contain_text("Nothing waits for you")
    expect(page).to_have_title("Inbox · Cairn")


def test_four_eyes(join: Callable[..., Person]) -> None:
    """Whoever asked may look but not decide; a member of the group may. Rows 2-63."""
    ada, grace = join(), join("grace")
    wish = {"goal": "Four eyes", "approvers": "board", "four_eyes": True}
    plan_id = ada.api("POST", "plans/", wish)["id"]
    ada.open(plan_id)
    look = overlay(ada.page).get_by_role("button", name="Look at proposal")
    look.click()
    expect(proposal(ada.page)).to_contain_text("Four eyes")
    expect(ada.page.locator("dialog[open] [data-decision]:visible")).to_have_count(0)
    grace.open(plan_id)
    decide(grace.page, "Approve")
    expect(proposal(ada.page)).to_be_hidden()
    expect(checkpoint(grace.page)).to_be_visible()
    expect(overlay(ada.page)).to_contain_text("Look at checkpoint 1")


def test_a_branch_starts_at_its_checkpoint(ada: Person, page: Page) -> None:
    """With everything found up to there, and its own way on. Rows 2-72."""
    ada.at_end(iterations=4, interval=2)
    card = page.get_by_test_id("checkpoint-1")
    card.get_by_role("button", name="Branch from here").click()
    dialog = page.get_by_role("dialog", name="Branch from here")
    expect(dialog).to_contain_text("everything found up to checkpoint 1 (iteration 2)")
    dialog.get_by_label("What should it do otherwise?").fill("Only the south")
    dialog.get_by_role("button", name="Start the branch").click()
    expect(page.get_by_text("checkpoint 1 of another plan")).to_be_visible()
    expect(checkpoint(page, 2)).to_be_visible()
    decide(page, "Approve (Continue)")
    expect(outcome(page)).to_contain_text("Planning completed!")
    expect(state(page)).to_have_text("Completed")
    expect(page.get_by_test_id("final-figures")).to_contain_text("Iterations4")
