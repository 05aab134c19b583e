"""Proposals and checkpoints: what the dialogs show, and what becomes of a decision."""

import re
import statistics

from playwright.sync_api import Page, Route, expect

from tests.browser.people import (
    Person,
    checkpoint,
    comment,
    decide,
    outcome,
    overlay,
    proposal,
    state,
    timeline,
)

ANSWER = "**/api/v1/gates/*/answer/"


def test_the_proposal_shows_all_that_is_decided(ada: Person, page: Page) -> None:
    """Goal, approach, iterations, interval; three decisions. Rows 2-1, 2-41."""
    ada.at_proposal(iterations=6, interval=3)
    dialog = proposal(page)
    for text in ("Decide whether to enter", "Porter's Five Forces and SWOT", "3 iterations"):
        expect(dialog).to_contain_text(text)
    for name in ("Approve", "Adjust", "Reject"):
        expect(dialog.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(dialog.locator("h2 .emoji")).to_have_text("✋")


def test_a_proposal_can_be_adjusted(ada: Person, page: Page) -> None:
    """The comment and the numbers shape the next proposal. Rows 2-1, 2-72."""
    ada.at_proposal()
    dialog = proposal(page)
    dialog.get_by_role("button", name="Adjust", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Change a number, or write")
    dialog.get_by_text("Change it first").click()
    dialog.get_by_label("Iterations").fill("2")
    dialog.get_by_label("Checkpoint every").fill("1")
    dialog.get_by_label("Comment").fill("Look at the risks first")
    dialog.get_by_role("button", name="Adjust", exact=True).click()
    expect(dialog).to_contain_text("Adjusted: Look at the risks first")
    expect(dialog.locator(".figures")).to_contain_text("Iterations2")
    expect(dialog.get_by_label("Comment")).to_have_value("")
    decide(page, "Approve")
    expect(timeline(page)).to_contain_text("Starting planning with 2 iterations...")


def test_a_rejected_proposal_stops_everything(ada: Person, page: Page) -> None:
    """The comment is kept and shown, with the way to start again. Rows 2-1, 2-72."""
    ada.at_proposal()
    comment(page).fill("Not this year")
    decide(page, "Reject")
    expect(outcome(page)).to_contain_text("Proposal rejected. Planning stopped.")
    expect(outcome(page)).to_contain_text("Not this year")
    outcome(page).get_by_role("link", name="Start again with the same goal").click()
    expect(page.get_by_label("Goal")).to_have_value(re.compile("Norwegian"))


def test_the_dialog_closes_before_the_network_has_answered(ada: Person, page: Page) -> None:
    """With an API that is silent for seconds it is gone within 100 ms.

    Rows 2-2, 2-12, 2-40, 2-56, 2-57.
    """
    ada.at_checkpoint()
    held: list[Route] = []
    page.route(ANSWER, lambda route: held.append(route))
    took = page.evaluate(
        """() => new Promise((resolve) => {
            const dialog = document.querySelector("dialog[open]");
            const start = performance.now();
            dialog.addEventListener("close", () => resolve(performance.now() - start));
            dialog.querySelector("[data-decision=approve]").click();
        })"""
    )
    assert took < 100
    expect(checkpoint(page)).to_be_hidden()
    expect(overlay(page)).to_contain_text("Sending your decision…")
    page.wait_for_timeout(2000)
    assert "Checkpoint approved!" not in timeline(page).inner_text()
    held[0].continue_()
    expect(timeline(page)).to_contain_text("Checkpoint approved! Continuing iterations...")
    expect(timeline(page)).to_contain_text("Starting iteration 3 of 4...")


def test_a_decision_is_one_safe_request(ada: Person, page: Page) -> None:
    """One POST with CSRF token, key and the digest that was shown. Rows 2-11, 2-40."""
    plan_id = ada.at_checkpoint()
    digest = ada.plan(plan_id)["pending_gate"]["digest"]
    with page.expect_request(ANSWER) as caught:
        page.locator("[data-decision=approve]:visible").dblclick()
    sent = caught.value
    assert sent.post_data_json == {"decision": "approve", "digest": digest, "comment": ""}
    assert sent.headers["x-csrftoken"]
    assert sent.headers["idempotency-key"]
    expect(checkpoint(page, 2)).to_be_visible()
    gates = ada.plan(plan_id)["checkpoints"]
    assert [one["decision"] for one in gates] == ["approve", None]


def test_a_failed_decision_comes_back_with_everything(ada: Person, page: Page) -> None:
    """The dialog returns with the reason; what was written is there. Rows 2-2, 2-61."""
    ada.watch.allow("status of 503", "ERR_FAILED")
    ada.at_checkpoint()
    comment(page).fill("Go deeper on prices")
    page.route(ANSWER, lambda route: route.fulfill(status=503, body="{}"))
    decide(page, "Approve (Continue)")
    dialog = checkpoint(page)
    expect(dialog.get_by_role("alert")).to_contain_text("The server had a problem; try again.")
    expect(dialog.get_by_label("Comment")).to_have_value("Go deeper on prices")
    page.unroute(ANSWER)
    page.route(ANSWER, lambda route: route.abort(), times=1)
    decide(page, "Approve (Continue)")
    expect(dialog.get_by_role("alert")).to_contain_text("could not be reached")
    decide(page, "Approve (Continue)")
    expect(timeline(page)).to_contain_text("Checkpoint approved!")
    expect(page.get_by_test_id("checkpoint-1")).to_contain_text("“Go deeper on prices”")


def test_a_second_decision_is_told_who_was_first(ada: Person, page: Page) -> None:
    """409 names the first decider and keeps what was written. Rows 2-9, 2-63."""
    ada.watch.allow("status of 409")
    plan_id = ada.at_checkpoint()
    comment(page).fill("My own view")
    gate = ada.plan(plan_id)["pending_gate"]

    def late(route: Route) -> None:
        answer = {"decision": "reject", "digest": gate["digest"]}
        ada.api("POST", f"gates/{gate['id']}/answer/", answer)
        route.continue_()

    page.route(ANSWER, late)
    decide(page, "Approve (Continue)")
    dialog = checkpoint(page)
    expect(dialog.get_by_role("alert")).to_have_text(f"Already decided by {ada.name}: reject.")
    expect(dialog.get_by_label("Comment")).to_have_value("My own view")
    decide(page, "Close")
    expect(outcome(page)).to_contain_text("Checkpoint 1 rejected. Planning stopped.")


def test_a_changed_question_is_shown_before_it_can_be_answered(ada: Person, page: Page) -> None:
    """The digest sent is that of what was displayed; another one is refused. Rows 2-9."""
    ada.watch.allow("status of 409")
    ada.at_checkpoint()

    def other_digest(route: Route) -> None:
        body = {**(route.request.post_data_json or {}), "digest": "0" * 64}
        route.continue_(post_data=body)

    page.route(ANSWER, other_digest, times=1)
    comment(page).fill("Kept")
    decide(page, "Approve (Continue)")
    dialog = checkpoint(page)
    expect(dialog.get_by_role("alert")).to_contain_text("What you saw is not what is asked")
    expect(dialog.get_by_label("Comment")).to_have_value("Kept")
    decide(page, "Approve (Continue)")
    expect(timeline(page)).to_contain_text("Checkpoint approved!")


def test_the_checkpoint_shows_what_was_reached(ada: Person, page: Page) -> None:
    """Title, summary, frameworks, data points, deltas, deadline. Rows 2-8, 2-9, 2-39, 2-56."""
    ada.at_checkpoint()
    dialog = checkpoint(page)
    expect(dialog.get_by_role("heading", level=2)).to_have_text(
        re.compile("Checkpoint 1 - Approve to Continue\\?"), use_inner_text=True
    )
    figures = dialog.locator(".figures")
    for text in ("4 +4", "Frameworks", "6 +6", "Data points"):
        expect(figures).to_contain_text(text, use_inner_text=True)
    expect(dialog.locator(".chips li")).to_have_count(4)
    expect(dialog.locator(".prose")).to_contain_text("Goal: Decide whether")
    expect(dialog.locator(".deadline")).to_contain_text("left to decide")
    names = dialog.locator("[data-slot=decisions] button").all_inner_texts()
    assert names == [
        "Approve (Continue)",
        "Continue without asking again",
        "Revise with comment",
        "Reject (Stop)",
    ]
    card = page.get_by_test_id("checkpoint-1")
    expect(card).to_contain_text("Waiting for a decision")


def test_only_a_decision_decides(ada: Person, page: Page) -> None:
    """The backdrop does nothing; Esc hides; two ways lead back. Rows 2-9, 2-74."""
    plan_id = ada.at_checkpoint()
    dialog = checkpoint(page)
    page.mouse.click(20, 450)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(state(page)).to_have_text("Waiting for approval")
    review = overlay(page).get_by_role("button", name="Review checkpoint 1")
    expect(review).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("checkpoint-1").get_by_role("button", name="Review checkpoint 1").click()
    expect(dialog).to_be_visible()
    assert ada.plan(plan_id)["pending_gate"]["state"] == "pending"


def test_the_keyboard_stays_in_the_dialog_and_can_decide(ada: Person, page: Page) -> None:
    """The heading has the focus; Tab stays inside; Ctrl+Enter approves. Rows 2-9."""
    ada.at_checkpoint()
    expect(checkpoint(page).get_by_role("heading", level=2)).to_be_focused()
    inside = """() => document.activeElement === document.body
        || Boolean(document.activeElement.closest("dialog[open]"))"""
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    comment(page).fill("By keyboard")
    page.keyboard.press("Control+Enter")
    expect(checkpoint(page)).to_be_hidden()
    expect(page.get_by_test_id("checkpoint-1")).to_contain_text("“By keyboard”")


def test_approving_all_asks_no_more(ada: Person, page: Page) -> None:
    """The second checkpoint is reached without a question. Rows 2-39, 2-58."""
    plan_id = ada.at_end()
    expect(timeline(page)).to_contain_text("CHECKPOINT REACHED (Iteration 4)")
    assert "Checkpoint 2 - Approve" not in timeline(page).inner_text()
    assert ada.plan(plan_id)["metrics"]["checkpoints"] == 2


def test_a_revision_needs_a_comment_and_is_followed(ada: Person, page: Page) -> None:
    """The next iteration says how it used the comment. Rows 2-72."""
    ada.at_checkpoint()
    decide(page, "Revise with comment")
    expect(checkpoint(page).get_by_role("alert")).to_contain_text("should do otherwise")
    expect(comment(page)).to_be_focused()
    comment(page).fill("Compare with Sweden")
    decide(page, "Revise with comment")
    expect(timeline(page)).to_contain_text("Checkpoint 1: revision asked. Continuing iterations...")
    expect(page.get_by_test_id("iteration-3")).to_contain_text("Completed")
    page.get_by_test_id("iteration-3").locator("summary").first.click()
    expect(page.get_by_test_id("iteration-3")).to_contain_text("Followed: Compare with Sweden")


def test_rejecting_stops_and_leaves_a_way_on(ada: Person, page: Page) -> None:
    """Who, why, what was found so far, and a branch from there. Rows 2-9, 2-72."""
    ada.at_checkpoint()
    comment(page).fill("Too expensive")
    decide(page, "Reject (Stop)")
    expect(outcome(page)).to_contain_text("Checkpoint 1 rejected. Planning stopped.")
    expect(outcome(page)).to_contain_text(f"Decided by {ada.name}: “Too expensive”")
    expect(overlay(page)).to_be_hidden()
    outcome(page).get_by_role("button", name="Branch from checkpoint 1").click()
    page.get_by_label("What should it do otherwise?").fill("Cheaper options only")
    page.get_by_role("button", name="Start the branch").click()
    expect(page.locator(".guidance")).to_contain_text("Cheaper options only")
    expect(timeline(page)).to_contain_text("Starting iteration 1 of 4...")
    expect(timeline(page)).to_contain_text("Starting iteration 3 of 4...")
    expect(checkpoint(page, 2)).to_be_visible()


def test_dialogs_appear_at_once(ada: Person, page: Page) -> None:
    """From event to sight: 300 ms at the 95th percentile of ten after the first. Rows 2-46."""
    ada.at_checkpoint(iterations=10, interval=1)
    for number in range(2, 11):
        decide(page, "Approve (Continue)")
        expect(checkpoint(page, number)).to_be_visible()
    times = page.evaluate(
        "performance.getEntriesByName('cairn:gate-visible').map((one) => one.duration)"
    )
    assert len(times) == 11
    assert statistics.quantiles(times[1:], n=20)[-1] <= 300, times
