"""A person at a browser, and what they do on Cairn's pages."""

import json
import re
from typing import Any

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    FilePayload,
    Locator,
    Page,
    expect,
)

SENTENCES = "\n\n".join(
    f"In part {number} of the script the shares are {number}1%, {number}2%, {number}3%."
    for number in range(1, 21)
)
SCRIPT_FILE: FilePayload = {
    "name": "script.md",
    "mimeType": "text/markdown",
    "buffer": SENTENCES.encode(),
}
GOAL = "Decide whether to enter the Norwegian market this year"


class Watch:
    """Collects errors and warnings of pages, less those that a test expects."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._allowed: list[str] = []

    def allow(self, *patterns: str) -> None:
        self._allowed += patterns

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _error(self, error: Error) -> None:
        self._note(f"uncaught: {error}")

    def _note(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self._allowed):
            self.complaints.append(text)


class Person:
    def __init__(self, name: str, context: BrowserContext, watch: Watch) -> None:
        self.name = name
        self.context = context
        self.watch = watch
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        self.watch.follow(page)
        return page

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call REST as this person's scripts would."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.context.cookies()}
        if "csrftoken" not in cookies:
            self.context.request.get("/memory/")
            return self.api(method, path, body)
        headers = {"X-CSRFToken": cookies["csrftoken"], "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body)
        answer = self.context.request.fetch(
            f"/api/v1/{path}", method=method, headers=headers, data=data
        )
        assert answer.ok, f"{answer.status}: {answer.text()}"
        return answer.json()

    def propose(self, *, iterations: int = 4, interval: int = 2, goal: str = GOAL) -> str:
        """Ask for a plan by REST; return its id."""
        wish = {"goal": goal, "max_iterations": iterations, "checkpoint_interval": interval}
        return str(self.api("POST", "plans/", wish)["id"])

    def plan(self, plan_id: str) -> Any:
        return self.api("GET", f"plans/{plan_id}/")

    def open(self, plan_id: str, page: Page | None = None) -> Page:
        page = page or self.page
        page.goto(f"/plans/{plan_id}/")
        return page

    def at_proposal(self, **wish: Any) -> str:
        """Be on the page of a new plan that asks for its proposal's approval."""
        plan_id = self.propose(**wish)
        self.open(plan_id)
        expect(proposal(self.page)).to_be_visible()
        return plan_id

    def at_work(self, **wish: Any) -> str:
        """Be on the page of a new plan whose first iteration has begun."""
        plan_id = self.at_proposal(**wish)
        proposal(self.page).get_by_role("button", name="Approve", exact=True).click()
        expect(timeline(self.page)).to_contain_text("Starting iteration 1 of")
        return plan_id

    def at_checkpoint(self, **wish: Any) -> str:
        """Be on the page of a new plan that asks at its first checkpoint."""
        plan_id = self.at_work(**wish)
        expect(checkpoint(self.page)).to_be_visible()
        return plan_id

    def at_end(self, **wish: Any) -> str:
        """Be on the page of a plan that has completed."""
        plan_id = self.at_checkpoint(**wish)
        is_last = wish.get("interval", 2) >= wish.get("iterations", 4)
        decide(self.page, "Approve (Continue)" if is_last else "Continue without asking again")
        expect(outcome(self.page)).to_contain_text("Planning completed!")
        return plan_id

    def at_failure(self, **wish: Any) -> str:
        """Be on the page of a plan whose eleventh iteration has failed."""
        plan_id = self.at_checkpoint(iterations=11, interval=10, **wish)
        decide(self.page, "Approve (Continue)")
        expect(outcome(self.page)).to_contain_text("Planning error")
        return plan_id


def proposal(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Planning proposal - Approve to Start?")


def checkpoint(page: Page, number: int = 1) -> Locator:
    return page.get_by_role("dialog", name=f"Checkpoint {number} - Approve to Continue?")


def timeline(page: Page) -> Locator:
    return page.get_by_test_id("timeline")


def overlay(page: Page) -> Locator:
    return page.get_by_test_id("progress-overlay")


def outcome(page: Page) -> Locator:
    return page.get_by_test_id("outcome")


def banner(page: Page) -> Locator:
    return page.get_by_test_id("connection-banner")


def live(page: Page) -> Locator:
    return page.get_by_test_id("live")


def state(page: Page) -> Locator:
    return page.get_by_test_id("state-badge")


def decide(page: Page, button: str) -> None:
    page.locator("dialog[open]").get_by_role("button", name=button, exact=True).click()


def comment(page: Page) -> Locator:
    return page.locator("dialog[open]").get_by_label("Comment")


def lines(page: Page) -> list[str]:
    """Return the words of the timeline, in order."""
    return timeline(page).locator(".line-text").all_inner_texts()
