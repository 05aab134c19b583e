"""The client of the guide is executed as it stands there."""

from pathlib import Path

import pytest

from tests.api.server import ROOT, Server
from tests.conformance.packages import client_of

pytestmark = pytest.mark.e2e
GUIDE = ROOT / "docs" / "how-to" / "use-the-ai-sdk.md"


def test_the_client_of_the_guide_asks_approves_and_comes_back(server: Server, tmp_path: Path):
    talk = client_of(GUIDE, "ai", server, tmp_path)

    first = talk("How many rows?", "Please call a tool")  # and leaves when it is asked
    second = talk("", "Please call a tool", "Not now", "Please fail")

    assert "You asked: How many rows?" in first
    assert 'save_file {"path":"report.md"}\nEnter to approve' in first
    assert "Enter to approve, or say why not: " in second
    assert "You asked: Please call a tool" in second
    assert "It was not allowed: Not now." in second
    assert "! The script says that this fails." in second
