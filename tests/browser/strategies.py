"""What a person does on the pages of strategies."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Person

STEPS = (
    "Reading the context",
    "Laying the foundation",
    "Finding strategic insights",
    "Analyzing the competition",
    "Projecting performance",
    "Drawing the roadmap",
    "Assessing the risks",
    "Writing the strategy",
)
GOAL = "Enter the Norwegian market this year"


def start(person: Person, goal: str = GOAL) -> str:
    """Start a strategy by REST; return its id."""
    return str(person.api("POST", "strategies/", {"goal": goal})["id"])


def strategy(person: Person, pk: str) -> Any:
    return person.api("GET", f"strategies/{pk}/")


def visit(person: Person, pk: str, page: Page | None = None) -> Page:
    page = page or person.page
    page.goto(f"/strategies/{pk}/")
    return page


def finished(person: Person, **given: Any) -> str:
    """Be on the page of a strategy that has ended."""
    pk = start(person, **given)
    visit(person, pk)
    expect(outcome(person.page)).to_contain_text("Strategy ready")
    return pk


def step(page: Page, number: int) -> Locator:
    return page.get_by_test_id(f"step-{number}")


def stalled(page: Page) -> Locator:
    return page.get_by_test_id("stalled-dialog")


def outcome(page: Page) -> Locator:
    return page.get_by_test_id("outcome")


def document(page: Page) -> Locator:
    return page.get_by_test_id("document")
