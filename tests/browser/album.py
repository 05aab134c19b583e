"""Takes pictures of a page in both sizes and both themes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.people import Person, Watch
from tests.browser.serving import Server

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
SIZES: dict[str, ViewportSize] = {
    "1280": {"width": 1280, "height": 900},
    "390": {"width": 390, "height": 844},
}


class Album:
    def __init__(self, folder: Path, browser: Browser) -> None:
        self.folder = folder
        self.browser = browser
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Take a page in both sizes and both themes."""
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(250)
                path = self.folder / f"{name}-{size}-{scheme}.png"
                page.screenshot(path=path, full_page=whole)
        page.set_viewport_size(SIZES["1280"])

    @contextmanager
    def person(self, server: Server, name: str | None = None) -> Iterator[Person]:
        context = self.browser.new_context(base_url=server.url, viewport=SIZES["1280"])
        user = name or server.next_user()
        session = server.users[user]
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        yield Person(user, context, Watch())
        context.close()
