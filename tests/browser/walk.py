"""The walk that document 002 describes: how it begins, and what a person has seen at its end."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.people import GOAL, SCRIPT_FILE, outcome


def start(page: Page) -> str:
    """Start a plan with a document, by the button; return its id."""
    page.goto("/")
    page.get_by_role("button", name="Plan", exact=True).click()
    form = page.get_by_test_id("new-plan-form")
    form.get_by_label("Goal").fill(GOAL)
    expect(form.get_by_label("Iterations")).to_have_value("4")
    expect(form.get_by_label("Checkpoint every")).to_have_value("2")
    page.set_input_files("#new-plan-files", [SCRIPT_FILE])
    expect(form.get_by_text("Ready")).to_be_visible()
    form.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"/plans/[0-9a-f-]{36}/$"))
    return page.url.rstrip("/").rsplit("/", 1)[1]


def told(slug: str) -> list[str]:
    """Return what the timeline tells of a walk without trouble: everything once, and in order."""
    asked = "Checkpoint {} - Approve to Continue?"
    approved = "Checkpoint approved! Continuing iterations..."
    return [
        "Planning proposal - Approve to Start?",
        "Starting planning with 4 iterations...",
        "Starting iteration 1 of 4...",
        "Starting iteration 2 of 4...",
        "CHECKPOINT REACHED (Iteration 2)",
        asked.format(1),
        approved,
        "Starting iteration 3 of 4...",
        "Starting iteration 4 of 4...",
        "CHECKPOINT REACHED (Iteration 4)",
        asked.format(2),
        approved,
        f"Plan saved to memory as entity: {slug}",
        "Planning completed!",
    ]


def check_plan(page: Page, plan: Mapping[str, Any]) -> None:
    """The page's figures are the plan's; a citation leads to its sentence, the plan to memory."""
    slug = plan["entity"]["slug"]
    figures = page.get_by_test_id("final-figures").locator("dd").all_inner_texts()
    metrics = plan["metrics"]
    names = ("iterations", "checkpoints", "frameworks", "data_points")
    assert figures == [str(metrics[name]) for name in names] == ["4", "2", "8", "12"]

    citation = page.get_by_test_id("final-plan").get_by_role("link", name="script#3").first
    citation.click()
    expect(page).to_have_url(re.compile(r"/sources/script/#s3$"))
    expect(page.locator("#s3")).to_contain_text("In part 3 of the script")
    page.go_back()

    outcome(page).get_by_role("link", name=slug).click()
    expect(page).to_have_url(re.compile(f"/memory/{slug}/$"))
    expect(page.get_by_test_id("entity-body")).to_contain_text("Goal: Decide whether")
    expect(page.get_by_role("link", name="script#3").first).to_be_visible()
