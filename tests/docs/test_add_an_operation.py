"""The example of the guide is executed as it stands there."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from runs import actions
from runs.models import Run
from tests.factories import advance, make_user, types

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-an-operation.md"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_an_operation_of_fewer_than_twenty_lines_is_durable_and_streams() -> None:
    """Row 0-47."""
    code, start = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    names: dict[str, Any] = {"__name__": "guide", "actions": actions, "user": make_user()}

    exec(compile(code, str(GUIDE), "exec"), names)  # noqa: S102 - it is our own guide
    exec(compile(start, str(GUIDE), "exec"), names)  # noqa: S102
    run: Run = advance(names["run"])

    assert (run.state, run.message) == ("completed", "3 words")
    assert types(run)[2:] == ["words_counted", "run_completed"]
    assert len([line for line in code.splitlines() if line.strip()]) < 20
    assert asyncio.iscoroutinefunction(names["count_words"])
