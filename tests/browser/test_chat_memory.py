"""What a page holds grows with what it shows, not with what it was told."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import answers, ready, say, session
from tests.browser.people import Person
from tests.browser.serving import SCRIPT, Server, serve

pytestmark = pytest.mark.slow

WORDS, ROUNDS = 2600, 5
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    talkative = {**SCRIPT, "delay": 0.001, "words": WORDS}
    with serve(tmp_path_factory.mktemp("talkative"), talkative) as running:
        yield running


def held(page: Page) -> int:
    """Return the bytes of JavaScript's heap that are in use after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = int(session.send("Runtime.getHeapUsage")["usedSize"])
    session.detach()
    return used


def hear(page: Page) -> None:
    count = answers(page).count()
    say(page, "Tell me")
    expect(answers(page)).to_have_count(count + 1, timeout=60_000)
    expect(answers(page).nth(count)).to_have_attribute("data-status", "complete", timeout=60_000)


def test_ten_thousand_events_leave_the_heap_of_the_page_as_it_was(ada: Person, page: Page) -> None:
    """Row 4-61; reliability 12."""
    chat = ready(ada)
    hear(page)  # what the page needs once
    before, begun = held(page), session(ada, chat)["position"]

    for _ in range(ROUNDS):
        hear(page)

    after, told = held(page), session(ada, chat)["position"] - begun
    print(f"\n{told} events: {before / MEGABYTE:.1f} MB, then {after / MEGABYTE:.1f} MB")  # noqa: T201
    assert told > 10_000
    assert after - before < 3 * MEGABYTE
