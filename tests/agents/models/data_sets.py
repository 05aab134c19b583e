"""Small data sets, loaded and profiled by the offline engine."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from agents import registry
from agents.contract import record
from agents.data_model import DataFile, InitialiseInput


def loaded(text: str, place: Path) -> dict[str, Any]:
    """Return what the `initialise` step is given for a CSV text, and what it gives."""
    place.mkdir(exist_ok=True)
    path = place / "sales.csv"
    path.write_text(text, encoding="utf-8")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    file = DataFile(path=str(path), name="sales.csv", sha256=sha256)
    given = InitialiseInput(name="sales", files=(file,), folder=str(place / "data"))
    whole = given.model_dump(mode="json")
    model = asyncio.run(record(registry.engine("offline"), "initialise", whole)).result
    return {"given": whole, "model": dict(model), "folder": given.folder}
