"""The tests of the guide are run as they stand there, by a pytest of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to"
BLOCK = re.compile(r"```python\n(?:# (\w+\.py)\n)?(.*?)```", re.DOTALL)
APP = """
from django.apps import AppConfig


class MyApp(AppConfig):
    name = "my_app"

    def ready(self):
        import my_operations
"""
MISSED = """
def test_too_far(cairn, kill_worker_at):
    kill_worker_at(999)


def test_too_far_on_the_line(cairn, drop_connection_at):
    drop_connection_at(999)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a stranger's folder with everything of the guide in it."""
    for name, code in BLOCK.findall((HOW_TO / "test-your-agent.md").read_text()):
        (tmp_path / name).write_text(code)
    [(_, operation), _] = BLOCK.findall((HOW_TO / "add-an-operation.md").read_text())
    (tmp_path / "my_operations.py").write_text(operation)
    (tmp_path / "my_app.py").write_text(APP)
    installed = (
        'from project.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, "my_app.MyApp"]\n'
    )
    (tmp_path / "my_settings.py").write_text(installed)
    (tmp_path / "test_missed.py").write_text(MISSED)
    return tmp_path


def pytest_of(folder: Path, *arguments: str, settings: str = "project.settings") -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:django",
            *arguments,
        ],
        env={**kept, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": settings},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    return done.stdout + done.stderr


def test_an_agent_of_the_guide_survives_kills_and_cuts(folder: Path) -> None:
    """Reliability 1 and 11, for agents of other people."""
    assert "3 passed" in (said := pytest_of(folder, "test_my_agents.py")), said


def test_a_handler_of_the_guide_survives_a_kill(folder: Path) -> None:
    """Reliability 1, for handlers of other people."""
    assert "1 passed" in (said := pytest_of(folder, "test_my_app.py", settings="my_settings")), said


def test_a_fault_that_never_came_fails_the_test_that_asked_for_it(folder: Path) -> None:
    said = pytest_of(folder, "test_missed.py")

    assert "2 passed, 2 errors" in said
    assert "Nothing was killed: no log came to position 999." in said
    assert "Nothing was dropped: no stream told of [999]." in said
