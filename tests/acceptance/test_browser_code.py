"""What the browser's own code must not do."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "static" / "js"
MODELS = re.compile(r"executePrompt|api\.openai|anthropic|api[_-]?key|completions", re.IGNORECASE)


def test_no_page_talks_to_a_language_model():
    """Row 4-52: models are the server's business."""
    found = [path.name for path in ROOT.rglob("*.js") if MODELS.search(path.read_text())]

    assert len(list(ROOT.rglob("*.js"))) > 50
    assert found == []
