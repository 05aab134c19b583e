"""What axe finds wrong with a page."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent / "vendor" / "axe.min.js"
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _violations(page: Page) -> list[str]:
    found: Any = page.evaluate(
        """async (rules) => {
            const { violations } = await axe.run(document, { runOnly: rules });
            return violations.flatMap((one) =>
                one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
        }""",
        RULES,
    )
    return list(found)


def check(page: Page, name: str) -> None:
    """Fail on anything that axe finds, in light and in dark."""
    page.add_script_tag(path=AXE)
    # Fades between the schemes would be measured half-way.
    page.add_style_tag(content="* { transition: none !important }")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert _violations(page) == [], f"{name}, {scheme}"
