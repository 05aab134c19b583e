"""What a reply about a small data set is given."""

from pathlib import Path
from typing import Any

import pytest

from agents.chats import ReplyInput
from tests.agents.models.data_sets import loaded

SALES = """month,town,loaves,price
2025-01,Bern,120,3.50
2025-01,Thun,80,3.40
2025-02,Bern,150,3.50
2025-02,Thun,95,3.60
2025-03,Bern,175,3.70
2025-03,Thun,110,3.60
"""


@pytest.fixture(scope="session")
def sales(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the `initialise` step is given, and the data model that it gives."""
    return loaded(SALES, tmp_path_factory.mktemp("sales"))


@pytest.fixture
def question(sales: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """Return what a reply is given; a test changes the fields that it is about."""
    asked = ReplyInput(
        question="How many loaves were sold?",
        model=sales["model"],
        folder=sales["folder"],
        workspace=str(tmp_path),
    )
    return asked.model_dump(mode="json")
