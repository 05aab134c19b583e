"""Everybody can use it: axe finds nothing in any state, and the reader's wishes count."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import check
from tests.browser.people import (
    Person,
    banner,
    checkpoint,
    comment,
    decide,
    outcome,
    overlay,
    proposal,
    state,
)


def _at_work(ada: Person) -> None:
    ada.at_work(iterations=20, interval=10)
    expect(ada.page.get_by_test_id("iteration-1")).to_contain_text("Completed")
    ada.page.get_by_role("button", name="Show all details").click()
    overlay(ada.page).get_by_role("button", name="Pause").click()
    expect(state(ada.page)).to_have_text("Paused")


def _offline(ada: Person) -> None:
    ada.at_checkpoint()
    ada.page.keyboard.press("Escape")
    ada.watch.allow("Failed to load", "ERR_")
    ada.context.set_offline(True)
    expect(banner(ada.page)).to_be_visible()


def _adjusting(ada: Person) -> None:
    ada.at_proposal()
    proposal(ada.page).get_by_text("Change it first").click()
    decide(ada.page, "Adjust")


def _rejected(ada: Person) -> None:
    ada.at_checkpoint()
    comment(ada.page).fill("No")
    decide(ada.page, "Reject (Stop)")
    expect(outcome(ada.page)).to_be_visible()


def _finished(ada: Person) -> None:
    ada.at_end()
    ada.page.get_by_role("button", name="Show all details").click()


PLAN_STATES: dict[str, Callable[[Person], Any]] = {
    "proposal": _adjusting,
    "paused in the middle": _at_work,
    "checkpoint": lambda ada: ada.at_checkpoint(),
    "offline": _offline,
    "failed": lambda ada: ada.at_failure(),
    "rejected": _rejected,
    "finished": _finished,
}


@pytest.mark.parametrize("name", PLAN_STATES)
def test_axe_finds_nothing_on_a_plan(join: Callable[..., Person], name: str) -> None:
    """WCAG 2.2 AA and good practice, in light and in dark. Rows 2-9, 2-41."""
    ada = join(bypass_csp=True)
    PLAN_STATES[name](ada)
    check(ada.page, name)


def test_axe_finds_nothing_elsewhere(join: Callable[..., Person]) -> None:
    """Lists, forms, memory and sources, empty and full."""
    ada = join(bypass_csp=True)
    for path in ("/", "/inbox/", "/memory/", "/plans/new/"):
        ada.page.goto(path)
        check(ada.page, f"empty {path}")
    body = "## North\n\nCold. See [[south]].\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
    slug = ada.api("POST", "entities/", {"title": "North", "body": body})["slug"]
    plan_id = ada.propose()
    for path in (
        "/",
        "/inbox/",
        "/memory/",
        f"/memory/{slug}/",
        f"/plans/{plan_id}/sources/{slug}/#s2",
    ):
        ada.page.goto(path)
        check(ada.page, path)
    ada.page.goto("/")
    ada.page.get_by_role("button", name="Plan", exact=True).click()
    check(ada.page, "new plan dialog")
    ada.context.clear_cookies()
    ada.page.goto("/sign-in/")
    check(ada.page, "sign in")


def test_steps_are_announced_once_and_politely(ada: Person, page: Page) -> None:
    """One status region says the newest line; the numbers do not chatter. Rows 2-41."""
    ada.at_work()
    expect(page.locator("#announcer")).to_have_text(
        "Checkpoint 1 - Approve to Continue?", timeout=15_000
    )
    assert page.locator("#announcer").get_attribute("aria-live") == "polite"


def test_calm_and_high_contrast(join: Callable[..., Person]) -> None:
    """Reduced motion stops every transition; forced colours keep every state readable."""
    ada = join(reduced_motion="reduce", forced_colors="active")
    ada.at_checkpoint()
    moving = ada.page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) =>
            getComputedStyle(one).transitionDuration !== "0s"
            || getComputedStyle(one).animationName !== "none").length"""
    )
    assert moving == 0
    decide(ada.page, "Approve (Continue)")
    expect(checkpoint(ada.page, 2)).to_be_visible()


def test_a_telephone_shows_one_column(join: Callable[..., Person]) -> None:
    """At 390 px nothing is cut off, and targets are large enough to touch."""
    ada = join(viewport={"width": 390, "height": 844}, has_touch=True)
    page = ada.page
    ada.at_checkpoint()
    small = page.locator("dialog[open] button, #overlay button:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    assert small == []
    decide(page, "Continue without asking again")
    expect(outcome(page)).to_contain_text("Planning completed!")
    page.get_by_role("button", name="Show all details").click()
    plan = page.url
    for url in (plan, "/", "/inbox/", "/memory/", "/plans/new/"):
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, url


def test_the_theme_is_the_readers(ada: Person, page: Page) -> None:
    """Chosen once, it holds on every page, from the first paint."""
    page.goto("/")
    page.get_by_label("Settings").click()
    page.get_by_label("Dark").check()
    page.goto("/memory/")
    dark = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert dark == "dark"
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
