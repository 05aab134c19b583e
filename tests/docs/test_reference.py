"""The documentation matches the code."""

import re
import subprocess
from pathlib import Path

import pytest

from project.reference import pages
from tests.docs import acceptance
from tests.docs.acceptance_rows import OPEN, RELIABILITY

ROOT = Path(__file__).resolve().parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split("\n")
TEXTS = [ROOT / name for name in TRACKED if name.endswith(".md") and (ROOT / name).exists()]


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_reference_page_is_not_stale(name: str):
    assert (ROOT / "docs" / "reference" / name).read_text() == pages()[name]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        assert (path.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize(
    "name", [one for one in TRACKED if one.endswith((".py", ".js", ".css")) and "vendor" not in one]
)
def test_no_file_has_more_than_three_hundred_lines(name: str):
    path = ROOT / name
    if path.exists() and "migrations" not in name:
        assert len(path.read_text().splitlines()) <= 300


def test_every_row_that_is_promised_names_where_it_is_shown():
    """Row 2-78."""
    rows, reliable = acceptance.collect()

    asked = [row for each in acceptance.SOURCES.values() for row in each if row not in OPEN]
    assert [row for row in asked if not rows[row]] == []
    assert [number for number in RELIABILITY if not reliable[number]] == []


def test_the_acceptance_page_is_not_stale():
    assert acceptance.PAGE.read_text() == acceptance.page()
