"""Everybody can use the pages of strategies: axe finds nothing, and a telephone is enough."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import check
from tests.browser.conftest import SignIn
from tests.browser.people import Person, overlay
from tests.browser.serving import Server, serve
from tests.browser.strategies import finished, stalled, start, step, visit

SCRIPT: dict[str, Any] = {
    "events_per_iteration": 2,
    "fail": {"competition": {"times": 99, "error": "permanent"}},
    "slow": {"risks": 300},
}


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("slow"), SCRIPT) as running:
        yield running


def test_axe_finds_nothing_before_and_after(join: Callable[..., Person]) -> None:
    """WCAG 2.2 AA and good practice, in light and in dark. Row 3-13."""
    ada = join(bypass_csp=True)
    for path in ("/strategies/", "/strategies/new/"):
        ada.page.goto(path)
        check(ada.page, f"empty {path}")
    finished(ada)
    step(ada.page, 2).locator("summary").click()
    check(ada.page, "a finished strategy")
    ada.page.goto("/strategies/")
    check(ada.page, "the list")


def test_axe_finds_nothing_while_it_works_and_when_it_is_silent(
    sign_in: SignIn, slow: Server
) -> None:
    """Rows 3-13, 3-14: the card, a step that was left out, and the question."""
    ada = sign_in(slow, bypass_csp=True)
    page = ada.page
    page.clock.install()
    visit(ada, start(ada))
    expect(overlay(page)).to_contain_text("A risk that is named is already smaller.")
    overlay(page).locator(".overlay-card summary").click()
    step(page, 4).locator("summary").first.click()
    check(page, "a strategy at work")
    page.clock.fast_forward(300_000)
    expect(stalled(page)).to_be_visible()
    check(page, "a silent strategy")
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "stalled-dialog"


def test_a_telephone_shows_one_column(join: Callable[..., Person]) -> None:
    """At 390 px nothing is cut off."""
    ada = join(viewport={"width": 390, "height": 844}, has_touch=True)
    page = ada.page
    finished(ada)
    step(page, 2).locator("summary").click()
    for url in (page.url, "/strategies/", "/strategies/new/"):
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, url
