"""Pictures of every page in every state: python -m tests.browser.screenshots FOLDER"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

from tests.browser.album import Album
from tests.browser.chat_scenes import CHAT_SCENES
from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.people import (
    SCRIPT_FILE,
    Person,
    banner,
    comment,
    decide,
    outcome,
    overlay,
    proposal,
    timeline,
)
from tests.browser.serving import ROOT, SCRIPT, Server, serve

DEMO = ROOT / "project" / "demo"
GOAL = (
    "Decide how we should replace our diesel delivery vans in the city by the end of next year: "
    "which vehicles, in which order, and what it costs."
)
SLOW = {**SCRIPT, "delay": 0.12}


def fill_memory(person: Person) -> list[str]:
    """Save the demonstration's documents; return their slugs."""
    slugs = []
    for path in sorted(DEMO.glob("*.md")):
        title, _, body = path.read_text().partition("\n")
        entity = {"title": title.lstrip("# "), "body": body}
        slugs.append(str(person.api("POST", "entities/", entity)["slug"]))
    return slugs


def lists(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        page.goto("/")
        album.take(page, "empty")
        page.goto("/inbox/")
        album.take(page, "inbox-empty")
        slugs = fill_memory(ada)
        page.goto("/memory/")
        album.take(page, "memory")
        page.goto(f"/memory/{slugs[0]}/")
        album.take(page, "entity")
        page.goto("/")
        page.get_by_role("button", name="Plan", exact=True).click()
        page.get_by_label("Goal").fill(GOAL)
        page.set_input_files("#new-plan-files", [SCRIPT_FILE])
        page.get_by_text("Ready").wait_for()
        album.take(page, "new-plan")


def plan(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        fill_memory(ada)
        ada.at_proposal(goal=GOAL)
        album.take(page, "proposal")
        decide(page, "Approve")
        page.get_by_role("dialog", name="Checkpoint 1").wait_for()
        comment(page).fill("Look harder at winter range.")
        album.take(page, "checkpoint")
        page.keyboard.press("Escape")
        album.take(page, "checkpoint-hidden")
        ada.context.set_offline(True)
        banner(page).wait_for()
        album.take(page, "reconnecting")
        ada.context.set_offline(False)
        overlay(page).get_by_role("button", name="Review checkpoint 1").click()
        decide(page, "Continue without asking again")
        outcome(page).get_by_text("Planning completed!").wait_for()
        expect(page.get_by_test_id("live")).to_have_text("Ended")
        album.take(page, "finished")
        album.take(page, "finished-whole", whole=True)
        page.get_by_test_id("iteration-1").locator("summary").first.click()
        page.get_by_test_id("iteration-1").scroll_into_view_if_needed()
        album.take(page, "iteration")
        after_the_plan(album, ada)


def after_the_plan(album: Album, ada: Person) -> None:
    page = ada.page
    for goal in ("Open a second depot in the north", "Choose a charging contract for three years"):
        ada.propose(goal=goal)
    page.get_by_test_id("final-plan").locator("a.cite").first.click()
    album.take(page, "source")
    page.goto("/inbox/")
    page.get_by_test_id("inbox-mine").wait_for()
    album.take(page, "inbox")
    page.goto("/")
    album.take(page, "plans")
    page.get_by_label("Settings").click()
    album.take(page, "settings")
    ada.context.clear_cookies()
    page.goto("/sign-in/")
    album.take(page, "sign-in")


def work(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        page = ada.page
        ada.at_work(goal=GOAL, iterations=20, interval=10)
        timeline(page).get_by_text("Starting iteration 2 of 20...").wait_for()
        album.take(page, "running")
        overlay(page).get_by_role("button", name="Pause").click()
        outcome(page).get_by_text("Planning paused.").wait_for()
        album.take(page, "paused")


def failures(album: Album, server: Server) -> None:
    with album.person(server) as ada:
        ada.at_failure(goal=GOAL)
        album.take(ada.page, "failed")
    with album.person(server) as ada:
        ada.at_proposal(goal=GOAL)
        proposal(ada.page).get_by_label("Comment").fill("Not before the budget is fixed.")
        decide(ada.page, "Reject")
        outcome(ada.page).wait_for()
        album.take(ada.page, "rejected")


SCENES: dict[str, tuple[Callable[[Album, Server], None], dict[str, Any]]] = {
    "lists": (lists, {"CAIRN_ENGINE": "offline"}),
    "plan": (plan, {"CAIRN_ENGINE": "offline"}),
    "work": (work, {"script": SLOW}),
    "failures": (failures, {}),
    **CHAT_SCENES,
}


def main(folder: Path, names: list[str]) -> None:
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        album = Album(folder, browser)
        for name in names or SCENES:
            scene, options = SCENES[name]
            with tempfile.TemporaryDirectory() as var, serve(Path(var), **options) as server:
                scene(album, server)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
