"""Signing in, memory, sources, and pages without scripts."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Person, Watch, checkpoint, decide, proposal
from tests.browser.serving import Server


def test_signing_in_and_out(chromium: Browser, server: Server, watch: Watch) -> None:
    """A wrong password is explained; the page that was asked for follows. Rows 2-76."""
    context = chromium.new_context(base_url=server.url)
    page = context.new_page()
    watch.follow(page)
    page.goto("/inbox/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/inbox/"))
    page.get_by_label("User name").fill("linus")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{server.url}/inbox/")
    page.get_by_label("Settings").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    context.close()


def test_memory_is_written_linked_and_found(ada: Person, page: Page) -> None:
    """Links lead both ways; markup stays text. Rows 2-15."""
    page.goto("/memory/")
    expect(page.get_by_test_id("empty")).to_contain_text("Memory is empty")
    for title, body in (
        ("North", "Cold <b>but</b> bright."),
        ("South", "See [[north|the north]]."),
    ):
        page.goto("/memory/")
        page.get_by_text("New entity").click()
        page.get_by_label("Title").fill(f"{title} of {ada.name}")
        page.get_by_label("Text, in Markdown").fill(body.replace("north|", f"north-of-{ada.name}|"))
        page.get_by_role("button", name="Save to memory").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{title} of {ada.name}")
    page.get_by_role("link", name="the north").click()
    expect(page.get_by_test_id("entity-body")).to_contain_text("Cold <b>but</b> bright.")
    expect(page.get_by_role("link", name=f"South of {ada.name}")).to_be_visible()
    page.goto("/memory/")
    page.get_by_label("Search memory").fill("bright")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("entity-list").locator("li")).to_have_count(1)


def test_what_is_not_yours_does_not_exist(join: Callable[..., Person]) -> None:
    """A foreign plan, its source and its memory are 404."""
    ada, eve = join(), join()
    eve.watch.allow("status of 404")
    plan_id = ada.propose()
    for path in (f"/plans/{plan_id}/", f"/plans/{plan_id}/sources/script/", "/memory/nothing/"):
        answer = eve.page.goto(path)
        assert answer
        assert answer.status == 404


def test_without_scripts(join: Callable[..., Person]) -> None:
    """State, lines, text and plain forms; the pending question can be decided. Rows 2-9, 2-72."""
    ada = join(java_script_enabled=False)
    page = ada.page
    page.goto("/plans/new/")
    page.get_by_label("Goal").fill("Plain paper")
    page.get_by_label("Iterations").fill("2")
    page.get_by_role("button", name="Start", exact=True).click()
    _until(page, page.get_by_role("heading", name="Start planning with 2 iterations?"))
    page.get_by_role("button", name="Approve", exact=True).click()
    heading = page.get_by_role("heading", name="Checkpoint 1 - Approve to Continue?")
    _until(page, heading)
    expect(page.get_by_test_id("timeline")).to_contain_text("CHECKPOINT REACHED (Iteration 2)")
    page.locator("#plain-comment").fill("On paper")
    page.get_by_role("button", name="Approve (Continue)").click()
    _until(page, page.get_by_text("Planning completed!"))
    expect(page.get_by_test_id("final-plan")).to_contain_text("Goal: Plain paper")
    expect(page.get_by_test_id("state-badge")).to_have_text("Completed")


def _until(page: Page, wanted: object) -> None:
    """Load the page again until it shows something, as the refresh in it does."""
    for _ in range(60):
        if wanted.count():  # type: ignore[attr-defined]
            return
        page.wait_for_timeout(150)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def test_a_plain_form_cannot_decide_twice(join: Callable[..., Person]) -> None:
    """The second answer is told who was first. Rows 2-9."""
    ada = join(java_script_enabled=False)
    plan_id = ada.propose()
    page = ada.open(plan_id)
    _until(page, page.get_by_role("button", name="Reject", exact=True))
    gate = ada.plan(plan_id)["pending_gate"]
    answer = {"decision": "approve", "digest": gate["digest"]}
    ada.api("POST", f"gates/{gate['id']}/answer/", answer)
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(f"{ada.name} has decided already: approve.")


def test_by_keyboard_alone(ada: Person, page: Page) -> None:
    """From the skip link to an approved checkpoint, without a mouse. Rows 2-9, 2-50."""
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("button", name="Plan", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Goal")).to_be_focused()
    page.keyboard.type("By keyboard")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-start]')"):
            break
    page.keyboard.press("Enter")
    expect(proposal(page)).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(checkpoint(page)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(checkpoint(page)).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.decision === 'approve_all'"):
            break
    page.keyboard.press("Space")
    expect(page.get_by_test_id("outcome")).to_contain_text("Planning completed!")


def test_leaving_a_plan_frees_its_connection(ada: Person, page: Page) -> None:
    """The next page has the browser's connections for itself. Rows 2-73."""
    ada.at_checkpoint()
    decide(page, "Continue without asking again")
    page.goto("/memory/")
    page.go_back()
    expect(page.get_by_test_id("outcome")).to_contain_text("Planning completed!")
