"""A real language model, a real server and a real database, from the first message to the plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import model_server, model_walk, story
from tests.e2e.conftest import Starter
from tests.e2e.model_walk import REPORT, Walk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("local-model"),
]


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    model_server.need()
    with model_server.running() as url:
        yield url


async def test_a_chat_a_tool_and_a_plan_with_a_real_model(
    model: str, start: Starter, var: Path
) -> None:
    server = start(**model_walk.settings(model))
    walk = Walk(server, var)
    told = await model_walk.chat(walk)
    saved = await model_walk.tool(walk, told["session"])
    planned = await model_walk.plan(walk)

    states = story.query(var, "SELECT kind, state, error_message FROM runs_run ORDER BY created_at")
    assert [(kind, state) for kind, state, _ in states] == [
        ("initialise", "completed"),
        ("reply", "completed"),
        ("reply", "completed"),
        ("plan", "completed"),
    ], states
    events = await walk.events(saved["posted"]["run_id"])
    ran = [one for one in events if one["type"] == "tool_call_result"]
    assert len(ran) == 1, "The tool ran more than once, or never."
    assert model_walk.count(var, REPORT) == 1
    assert planned["gates"] == ["proposal-1", "checkpoint-1", "checkpoint-2"]
    used = story.query(var, "SELECT usage FROM runs_step WHERE usage LIKE '%output_tokens%'")
    assert len(used) >= 1 + 2 + 1 + 4 + 2 + 1
