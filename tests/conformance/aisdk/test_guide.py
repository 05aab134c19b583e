"""The client of the guide is executed as it stands there."""

import os
import re
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.api.server import PATIENCE, ROOT, Server
from tests.conformance.aisdk.chatting import FOLDER, need_node

pytestmark = pytest.mark.e2e
GUIDE = ROOT / "docs" / "how-to" / "use-the-ai-sdk.md"


def test_the_client_of_the_guide_asks_approves_and_comes_back(server: Server, tmp_path: Path):
    node = need_node()
    (code,) = re.findall(r"```js\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    script = tmp_path / "client.mjs"
    script.write_text(code)
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
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

    first = talk("How many rows?", "Please call a tool")  # and leaves when it is asked
    second = talk("", "Please call a tool", "Not now", "Please fail")

    assert "You asked: How many rows?" in first
    assert 'save_file {"path":"report.md"}\nEnter to approve' in first
    assert "Enter to approve, or say why not: " in second
    assert "You asked: Please call a tool" in second
    assert "It was not allowed: Not now." in second
    assert "! The script says that this fails." in second
