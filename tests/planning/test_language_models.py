"""Plans with a language model, through runs and gates."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from agents import registry
from planning.actions import Wish, propose
from planning.models import Plan
from runs.models import Gate, Step
from tests.agents.models.stubs import Stub, engine, well
from tests.factories import advance, answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
NAME = "stubbed"


@pytest.fixture(autouse=True)
def model() -> Iterator[None]:
    registry.register(NAME, lambda: engine(Stub(well)))
    yield
    registry.unregister(NAME)


def test_a_plan_goes_from_its_goal_to_the_end_with_a_model(user: User) -> None:
    plan = propose(Wish(goal="Open a second bakery", engine=NAME, max_iterations=2), by=user)

    while not advance(plan.run).is_terminal:
        answer(Gate.objects.get(run=plan.run, state="pending"))

    plan = Plan.objects.get(pk=plan.pk)
    assert plan.run.state == "completed"
    assert plan.entity is not None
    assert "Written by the language model stub" in plan.entity.body
    used = Step.objects.filter(run=plan.run).values_list("usage", flat=True)
    assert sum(one.get("requests", 0) for one in used) >= 3
