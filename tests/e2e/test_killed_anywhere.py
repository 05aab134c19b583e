"""Reliability 1: kill -9 at every position of a plan's log; what follows is what was to follow."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e import story
from tests.e2e.lives import let_live

pytestmark = pytest.mark.e2e

PARTS = 2  # so that workers of pytest-xdist share the work


def assert_same(var: Path, undisturbed: Path, name: str) -> None:
    """Compare what a disturbed plan left behind with the undisturbed one."""
    life_log = (var / "life.log").read_text()
    places = story.positions(var)
    assert places == list(range(1, len(places) + 1)), f"{name}: positions have holes"
    assert story.log(var) == story.log(undisturbed), f"{name}: another log\n{life_log}"
    assert story.rows(var) == story.rows(undisturbed), f"{name}: other rows\n{life_log}"


def test_an_undisturbed_plan_tells_each_thing_once(undisturbed: Path):
    """Reliability 1, the measure of all others."""
    rows = story.rows(undisturbed)

    places = story.positions(undisturbed)
    assert places == list(range(1, len(places) + 1))
    assert len(places) > 100
    sizes = {name: len(found) for name, found in rows.items()}
    assert sizes["iterations"] == 4
    assert sizes["data points"] == 12
    assert (sizes["gates"], sizes["answers"]) == (3, 3)
    assert (sizes["checkpoints"], sizes["entities"]) == (2, 1)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_plan_killed_at_any_position_ends_with_the_same_log(
    when: str, part: int, undisturbed: Path, template: Path, tmp_path: Path
):
    """Reliability 1: right after the commit of each position, and before that of every third."""
    last = len(story.positions(undisturbed))
    stride = PARTS if when == "after" else 3 * PARTS
    wanted: dict[str, list[Any]] = {
        f"{when}-{position}": [{"position": position, "when": when}, None]
        for position in range(part + 1, last + 1, stride)
    }

    ends = let_live(tmp_path, template, wanted)

    assert ends == {name: ["SIGKILL", "done"] for name in wanted}
    for name in wanted:
        assert_same(tmp_path / name, undisturbed, name)


def test_a_plan_killed_again_while_it_recovers_ends_with_the_same_log(
    undisturbed: Path, template: Path, tmp_path: Path
):
    """Reliability 1: the second life is killed one to eight positions later, a third finishes."""
    last = len(story.positions(undisturbed))
    wanted: dict[str, list[Any]] = {
        f"{position}-{later}": [
            {"position": position, "when": "after"},
            {"position": position + later, "when": when},
            None,
        ]
        for position in range(2, last - 8, 7)
        for later, when in [(1 + position % 8, ("before", "after")[position % 2])]
    }

    ends = let_live(tmp_path, template, wanted)

    assert ends == {name: ["SIGKILL", "SIGKILL", "done"] for name in wanted}
    for name in wanted:
        assert_same(tmp_path / name, undisturbed, name)
