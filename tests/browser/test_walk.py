"""The walk that document 002 describes, from the button to the entity."""

from playwright.sync_api import FilePayload, Page, expect

from tests.browser import walk
from tests.browser.people import (
    GOAL,
    Person,
    checkpoint,
    decide,
    lines,
    outcome,
    proposal,
    timeline,
)


def test_quickstart(ada: Person, page: Page) -> None:
    """Plan, goal, proposal, approve, watch, two checkpoints, final plan, entity.

    Rows 2-1, 2-3, 2-5, 2-7, 2-13, 2-14, 2-15, 2-50, 2-53, 2-57, 2-58, 2-59, 2-76.
    """
    plan_id = walk.start(page)
    expect(proposal(page)).to_be_visible()
    decide(page, "Approve")
    for number in (1, 2):
        expect(checkpoint(page, number)).to_be_visible()
        decide(page, "Approve (Continue)")
        expect(checkpoint(page, number)).to_be_hidden()
    expect(outcome(page)).to_contain_text("Planning completed!")

    plan = ada.plan(plan_id)
    assert lines(page) == walk.told(plan["entity"]["slug"])
    walk.check_plan(page, plan)


def test_every_id_on_every_page_is_unique(ada: Person, page: Page) -> None:
    """Sidebar and dialogs share no id; the numbers have labels and limits. Rows 2-51."""
    plan_id = ada.at_checkpoint()
    for path in ("/", "/plans/new/", f"/plans/{plan_id}/", "/inbox/", "/memory/"):
        page.goto(path)
        ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
        assert len(ids) == len(set(ids)), path
    page.goto("/plans/new/")
    numbers = page.get_by_label("Iterations"), page.get_by_label("Checkpoint every")
    limits = [(one.get_attribute("min"), one.get_attribute("max")) for one in numbers]
    assert limits == [("1", "20"), ("1", "10")]


def test_a_wrong_number_and_a_refused_file_are_explained(ada: Person, page: Page) -> None:
    """The form stays, and says what to mend. Rows 2-51."""
    ada.watch.allow(r"status of 4(00|13|15)")
    page.goto("/plans/new/")
    page.get_by_label("Goal").fill(GOAL)
    page.get_by_label("Iterations").fill("2")
    page.get_by_label("Checkpoint every").fill("3")
    picture: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n"}
    page.set_input_files("#new-plan-files", [picture])
    expect(page.locator(".upload[data-failed]")).to_contain_text("photo.png")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("must not exceed max_iterations")
    expect(page.get_by_label("Checkpoint every")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Goal")).to_have_value(GOAL)


def test_the_plan_is_sanitised(ada: Person, page: Page) -> None:
    """Markup in a goal is text wherever it appears. Rows 2-14."""
    evil = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) <form action=//x><b>x</b></form>"
    ada.at_end(goal=evil, iterations=1, interval=1)
    for place in (page.get_by_test_id("final-plan"), timeline(page), page.locator("h1")):
        assert place.locator("img, form, b, [href^=javascript]").count() == 0
    expect(page.get_by_test_id("final-plan")).to_contain_text("<img src=x onerror=alert(1)>")
    page.goto(ada.api("GET", "entities/")["results"][0]["url"])
    body = page.get_by_test_id("entity-body")
    assert body.locator("img, form, b, [href^=javascript]").count() == 0
