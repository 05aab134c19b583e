"""The npm packages of other people, and the clients of our guides, which are written with them."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from tests.api.server import PATIENCE, Server

FOLDER = Path(__file__).resolve().parent / "node"


def need_node(package: str) -> str:
    """Return the path of Node with a package; without, the test is skipped, and CI fails."""
    node = shutil.which("node")
    if node and (FOLDER / "node_modules" / package).is_dir():
        return node
    why = "Node 20 with the packages of tests/conformance/node is missing: run `npm ci` there."
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(f"**** SKIPPED: {why}")


def client_of(guide: Path, package: str, server: Server, folder: Path) -> Callable[..., str]:
    """Return a function that runs the guide's client with lines typed in, and returns what it says.

    Each call is a client anew, in the same conversation.
    """
    node = need_node(package)
    (code,) = re.findall(r"```js\n(.*?)```", guide.read_text(), re.DOTALL)
    script = folder / "client.mjs"
    script.write_text(code)
    (folder / "node_modules").symlink_to(FOLDER / "node_modules")
    env = {**os.environ, "CAIRN_URL": server.url, "CAIRN_TOKEN": server.tokens["ada"]}
    name = uuid4().hex

    def talk(*lines: str) -> str:
        done = subprocess.run(
            [node, str(script), name],
            input="".join(f"{line}\n" for line in lines),
            env=env,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.stderr == ""
        return done.stdout

    return talk
