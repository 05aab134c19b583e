from typing import get_args

from agents.plans import FRAMEWORKS
from agents.strategies import StepName
from agents.strategy_guides import STEPS, number_of


def test_there_are_eight_steps_and_each_has_something_to_teach() -> None:
    """Rows 3-13, 3-41."""
    assert [guide.name for guide in STEPS] == list(get_args(StepName))
    assert [number_of(guide.name) for guide in STEPS] == list(range(1, 9))
    for guide in STEPS:
        assert guide.title
        assert guide.description
        assert len(guide.details) >= 3
        assert guide.insight
        assert guide.seconds > 0


def test_the_steps_apply_every_framework_once() -> None:
    assert sorted(name for guide in STEPS for name in guide.frameworks) == sorted(FRAMEWORKS)
