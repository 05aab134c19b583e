"""A small data set that is loaded and profiled, for tests of models."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import pytest

from agents import registry
from agents.chats import ReplyInput
from agents.contract import record
from agents.data_model import DataFile, InitialiseInput

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
    folder = tmp_path_factory.mktemp("sales")
    path = folder / "sales.csv"
    path.write_text(SALES)
    sha256 = hashlib.sha256(SALES.encode()).hexdigest()
    file = DataFile(path=str(path), name="sales.csv", sha256=sha256)
    given = InitialiseInput(name="sales", files=(file,), folder=str(folder / "data"))
    whole = given.model_dump(mode="json")
    model = asyncio.run(record(registry.engine("offline"), "initialise", whole)).result
    return {"given": whole, "model": dict(model), "folder": given.folder}


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
