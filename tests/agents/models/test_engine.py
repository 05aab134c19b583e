"""Engines with a model are cheap until they are used, and missing packages are named."""

import subprocess
import sys
from typing import Any

import pytest

from agents.contract import planning_inputs
from agents.exceptions import Permanent
from agents.models import engine
from tests.agents.models.stubs import Stub, step
from tests.agents.models.stubs import engine as stubbed

UNUSED = """
import asyncio, sys
from agents import registry
from agents.contract import planning_inputs, record
from agents.models.settings import ModelSettings, configure

configure(ModelSettings(model="openai:gpt-5-mini", key="k"))
registry.check("pydantic-ai")
registry.engine("pydantic-ai")
asyncio.run(record(registry.engine("offline"), "propose", planning_inputs()["propose"]))
print([name for name in sys.modules if name.split(".")[0] in ("pydantic_ai", "openai")])
"""


def test_the_offline_engine_never_imports_the_clients_of_models() -> None:
    told = subprocess.run(
        [sys.executable, "-c", UNUSED], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engine.STEPS, "propose", "agents.models.no_such_module:propose")


@pytest.mark.usefixtures("nowhere")
def test_a_missing_package_is_an_engine_that_is_not_configured() -> None:
    with pytest.raises(Permanent, match="pip install -r requirements") as raised:
        step(stubbed(Stub("")), "propose", planning_inputs()["propose"])

    assert raised.value.code == "engine_not_configured"


def test_workflows_are_the_offline_engines(question: dict[str, Any]) -> None:
    given = {
        "workflow": "profile",
        "parameters": {"table": "sales"},
        "model": question["model"],
        "folder": question["folder"],
    }
    stub = Stub("")

    told = step(stubbed(stub), "workflow", given)

    assert told.result["table"]["row_count"] == 4
    assert stub.asked == []
