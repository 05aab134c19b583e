import subprocess
import sys

import pytest

from agents import registry
from agents.exceptions import Permanent
from agents.scripted import ScriptedEngine


@pytest.mark.parametrize("name", ["offline", "scripted"])
def test_a_built_in_engine_is_found_by_its_name(name: str) -> None:
    assert registry.engine(name).name == name


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Permanent, match="offline, scripted") as raised:
        registry.engine("oracle")

    assert raised.value.code == "unknown_engine"


def test_a_registered_engine_is_found_until_it_is_taken_back() -> None:
    mine = ScriptedEngine()
    registry.register("mine", lambda: mine)

    assert registry.engine("mine") is mine
    registry.unregister("mine")
    assert "mine" not in registry.names()


def test_asking_for_no_engine_imports_none() -> None:
    code = "import sys, agents.registry; print('agents.offline' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"
