"""The page of a plan while it is worked on: what it shows, and what can be done to it."""

import re

from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.browser.people import (
    Person,
    checkpoint,
    decide,
    live,
    outcome,
    overlay,
    proposal,
    state,
    timeline,
)


def test_one_stream_carries_everything(ada: Person, page: Page) -> None:
    """One connection over all checkpoints, no WebSocket, no poll, one POST for each decision.

    Rows 2-37, 2-38, 2-42, 2-48.
    """
    requests: list[Request] = []
    sockets: list[object] = []
    page.on("request", lambda one: requests.append(one))
    page.on("websocket", lambda one: sockets.append(one))
    ada.at_checkpoint(iterations=2, interval=1)
    decide(page, "Approve (Continue)")
    expect(checkpoint(page, 2)).to_be_visible()
    decide(page, "Approve (Continue)")
    expect(outcome(page)).to_contain_text("Planning completed!")
    expect(live(page)).to_have_text("Ended")
    streams = [one for one in requests if "/events/" in one.url]
    assert len(streams) == 1
    assert streams[0].headers["accept"].startswith("text/event-stream")
    assert sockets == []
    assert not [one for one in requests if "execute-plan" in one.url]
    assert len([one for one in requests if one.method == "POST"]) == 3


def test_figures_grow_while_the_work_goes_on(ada: Person, page: Page) -> None:
    """Counters, frameworks and the overlay follow the events. Rows 2-55, 2-65, 2-67."""
    ada.propose(iterations=20, interval=10)
    ada.at_work(iterations=12, interval=6)
    seen = page.evaluate(
        """() => new Promise((resolve) => {
            const of = (name) => Number(document.querySelector(`[data-metric=${name}]`).textContent);
            const seen = [];
            const timer = setInterval(() => {
                seen.push([of("frameworks"), of("data_points")]);
                if (of("data_points") >= 9) { clearInterval(timer); resolve(seen); }
            }, 30);
        })"""
    )
    points = [point for _, point in seen]
    assert points == sorted(points)
    assert len(set(points)) >= 3
    expect(page.get_by_test_id("framework-chips")).to_contain_text("SWOT")
    expect(overlay(page)).to_contain_text(re.compile(r"Iteration \d+ of 12"))
    assert page.locator("#overlay progress").evaluate("one => one.value") > 5
    expect(overlay(page).locator(".overlay-card")).to_contain_text("A script always says the same")


def test_an_iteration_tells_its_time_and_what_it_found(ada: Person, page: Page) -> None:
    """Duration, findings with citations, data points, gaps. Rows 2-68."""
    plan_id = ada.at_checkpoint()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("duration-1")).to_have_text(re.compile(r"^\d+\.\d s$"))
    taken = ada.plan(plan_id)["iterations"][0]["duration_ms"]
    expect(page.get_by_test_id("duration-1")).to_have_text(f"{taken / 1000:.1f} s")
    row = page.get_by_test_id("iteration-1")
    row.locator("summary").first.click()
    for text in ("Findings", "In part 1 of the script", "Data points", "Gaps", "Find evidence"):
        expect(row).to_contain_text(text)
    page.get_by_role("button", name="Show all details").click()
    expect(page.get_by_test_id("iteration-2")).to_contain_text("In part 2 of the script")


def test_a_plan_can_pause_and_go_on(ada: Person, page: Page) -> None:
    """It stops at the end of the iteration and resumes there. Rows 2-64, 2-69."""
    ada.at_work(iterations=20, interval=10)
    overlay(page).get_by_role("button", name="Pause").click()
    expect(overlay(page)).to_contain_text("Pausing when iteration")
    expect(state(page)).to_have_text("Paused")
    expect(outcome(page)).to_contain_text("Planning paused.")
    done = page.locator("[data-metric=iterations]").inner_text()
    page.reload()
    expect(state(page)).to_have_text("Paused")
    expect(page.locator("[data-metric=iterations]")).to_have_text(done)
    overlay(page).get_by_role("button", name="Resume").click()
    expect(timeline(page)).to_contain_text("Planning resumed.")
    expect(state(page)).to_have_text("Running")
    expect(outcome(page)).to_be_hidden()


def test_cancelling_asks_when_work_is_lost(ada: Person, page: Page) -> None:
    """Go on keeps it; cancel ends it in mid-iteration, and says so. Rows 2-72."""
    ada.at_work(iterations=20, interval=10)
    overlay(page).get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog", name="Cancel this plan?")
    expect(dialog).to_contain_text("is lost")
    dialog.get_by_role("button", name="Go on").click()
    expect(overlay(page)).to_be_visible()
    overlay(page).get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Cancel the plan").click()
    expect(outcome(page)).to_contain_text("Planning cancelled.")
    expect(state(page)).to_have_text("Cancelled")
    expect(overlay(page)).to_be_hidden()
    expect(outcome(page).get_by_role("link", name="Start again with the same goal")).to_be_visible()


def test_a_waiting_plan_is_cancelled_without_a_question(ada: Person, page: Page) -> None:
    """Nothing is lost then; the open question goes away. Rows 2-72."""
    ada.at_proposal()
    page.keyboard.press("Escape")
    overlay(page).get_by_role("button", name="Cancel").click()
    expect(outcome(page)).to_contain_text("Planning cancelled.")
    expect(proposal(page)).to_be_hidden()


def test_an_error_ends_the_plan_and_the_connection(ada: Person, page: Page) -> None:
    """'Planning error: MSG', and nothing reconnects afterwards. Rows 2-60."""
    ada.at_failure()
    streams: list[Request] = []
    words = "Planning error: The script says that iteration-11 fails."
    expect(outcome(page)).to_contain_text(words)
    page.on("request", lambda one: streams.append(one) if "/events/" in one.url else None)
    expect(timeline(page).locator("[data-level=error]")).to_contain_text(words)
    expect(timeline(page).locator("[data-level=error] .emoji")).to_have_text("❌")
    expect(live(page)).to_have_text("Ended")
    page.wait_for_timeout(1500)
    assert streams == []
    page.reload()
    expect(outcome(page)).to_contain_text(words)
    expect(state(page)).to_have_text("Failed")


def test_events_can_be_logged_to_the_console(ada: Person, page: Page) -> None:
    """Off by default, on by the setting, kept over a reload. Rows 2-52."""
    logged: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "debug":
            logged.append(message.text)

    page.on("console", note)
    ada.at_proposal()
    assert logged == []
    page.keyboard.press("Escape")
    page.get_by_label("Settings").click()
    page.get_by_label("Log events to the console").check()
    with page.expect_console_message(lambda one: "gate_opened" in one.text):
        page.reload()
    assert any("proposal_ready" in text for text in logged)


def test_indicators_are_hidden_from_readers_and_can_be_off(ada: Person, page: Page) -> None:
    """Emoji for people who see them; drawings for those who do not want them. Rows 2-41."""
    ada.at_end(iterations=2, interval=1)
    for emoji in "🚀🔄✅💾✋":
        expect(timeline(page).get_by_text(emoji).first).to_be_visible()
    icons = page.locator(".icon")
    hidden = icons.evaluate_all("all => all.every(one => one.ariaHidden === 'true')")
    assert hidden
    page.get_by_label("Settings").click()
    page.get_by_label("Emoji icons").uncheck()
    expect(timeline(page).locator(".emoji").first).to_be_hidden()
    expect(timeline(page).locator(".icon .glyph").first).to_be_visible()
    page.reload()
    expect(timeline(page).locator(".emoji").first).to_be_hidden()


def test_the_overlay_can_be_small_and_lies_below_dialogs(ada: Person, page: Page) -> None:
    """It never covers a question. Rows 2-9."""
    ada.at_checkpoint()
    covered = page.evaluate(
        """() => {
            const box = document.getElementById("overlay").getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + 10);
            return top.closest("#overlay") === null;
        }"""
    )
    assert covered
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Minimise").click()
    expect(page.locator(".overlay-message")).to_be_hidden()
    expect(overlay(page).get_by_role("button", name="Review checkpoint 1")).to_be_visible()
    page.reload()
    expect(checkpoint(page)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show progress").click()
    expect(page.locator(".overlay-message")).to_be_visible()


def test_renders_are_few(ada: Person, page: Page) -> None:
    """However many events come, blocks that did not change are left alone. Rows 2-46."""
    ada.at_work(iterations=20, interval=10)
    changes = page.evaluate(
        """() => new Promise((resolve) => {
            let replaced = 0;
            const first = document.querySelector("#timeline > li");
            const watch = new MutationObserver((all) => {
                replaced += all.filter((one) => [...one.removedNodes].includes(first)).length;
            });
            watch.observe(document.getElementById("timeline"), { childList: true });
            setTimeout(() => resolve([replaced, first.isConnected]), 1500);
        })"""
    )
    assert changes == [0, True]
