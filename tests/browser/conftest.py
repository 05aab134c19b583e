"""A browser, a server, and people who are signed in.

Every test has users of its own, and fails on anything the browser's console complains about.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.people import Person, Watch
from tests.browser.proxy import Proxy
from tests.browser.serving import Server, serve

HERE = Path(__file__).resolve().parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.e2e)


SignIn = Callable[..., Person]

# A machine that is busy with something else is slow, not wrong.
expect.set_options(timeout=10_000)


def find_chromium() -> str | None:
    named = os.environ.get("CAIRN_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Not for the session: while it runs, no other test of this process could have a loop.
    path = find_chromium()
    if path is None:
        message = "**** NO CHROMIUM: the browser tests need one (apt-get install chromium). ****"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{message} CI may not skip them.")
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the consoles of all pages said; a test names what it expects with `watch.allow`."""
    watching = Watch()
    yield watching
    assert watching.complaints == []


@pytest.fixture
def sign_in(chromium: Browser, watch: Watch) -> Iterator[SignIn]:
    """Return a function that gives a signed-in person with a page, on a server of the test's."""
    contexts: list[BrowserContext] = []

    def make(
        server: Server, name: str | None = None, *, base_url: str = "", **options: Any
    ) -> Person:
        url = base_url or server.url
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = chromium.new_context(base_url=url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        user = name or server.next_user()
        context.add_cookies([{"name": "sessionid", "value": server.users[user], "url": url}])
        return Person(user, context, watch)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def join(sign_in: SignIn, server: Server) -> Callable[..., Person]:
    """Return a function that gives a signed-in person with a page; `name` shares a user."""
    return partial(sign_in, server)


@pytest.fixture
def ada(join: Callable[..., Person]) -> Person:
    return join()


@pytest.fixture
def page(ada: Person) -> Page:
    return ada.page


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """A wire between browser and server that a test can cut."""
    with Proxy(server.port) as running:
        yield running
