"""The how-to's examples, as they are printed."""

import re
from pathlib import Path

import pytest

from tests.e2e import house
from tests.e2e.servers import Server

pytestmark = pytest.mark.e2e

HOW_TO = house.ROOT / "docs" / "how-to" / "call-cairn-from-python.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", HOW_TO.read_text(), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_does_what_it_says(
    number: int, server: Server, capsys: pytest.CaptureFixture[str]
):
    known = {"base_url": f"http://127.0.0.1:{server.port}", "token": house.TOKEN}

    exec(compile(EXAMPLES[number], str(Path(HOW_TO)), "exec"), known)  # noqa: S102

    assert capsys.readouterr().out.strip()
