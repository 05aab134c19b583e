"""A plan or strategy that failed is tried again: what it had finished is not done twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from agents import registry
from agents.scripted import Failure, Script, ScriptedEngine
from planning.actions import Wish, propose
from planning.models import Plan, Strategy
from planning.strategy.actions import StrategyWish
from planning.strategy.actions import start as start_strategy
from runs import actions, gates
from runs.models import Gate, Run, Step
from tests.factories import advance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
ENGINE = "failing"
ALWAYS = Failure(times=99, error="permanent")


@pytest.fixture
def fail() -> Iterator[Any]:
    """Let the engine `failing` fail in the steps that are named, or in none."""

    def use(*names: str) -> None:
        script = Script(fail=dict.fromkeys(names, ALWAYS))
        registry.register(ENGINE, lambda: ScriptedEngine(script))

    use()
    yield use
    registry.unregister(ENGINE)


def see_through(run: Run) -> Run:
    while not advance(run).is_terminal:
        gate = Gate.objects.get(run=run, state="pending")
        gates.answer(gate.pk, by=run.created_by, decision="approve", digest=gate.digest, via="api")
    run.refresh_from_db()
    return run


def test_a_plan_goes_on_from_its_last_checkpoint(user: User, fail: Any) -> None:
    fail("iteration-3")
    plan = propose(Wish(goal="A bakery", engine=ENGINE), by=user)
    assert see_through(plan.run).state == "failed"
    fail()

    again = actions.retry(plan.run_id, by=user, idempotency_key="once")
    same = actions.retry(plan.run_id, by=user, idempotency_key="once")

    assert same.pk == again.pk
    done = Step.objects.filter(run=again, name__startswith="iteration").values_list("name", "usage")
    assert list(done) == [("iteration-1", {}), ("iteration-2", {})]
    assert see_through(again).state == "completed"
    copy = Plan.objects.get(run=again)
    assert copy.branched_from == plan.checkpoints.get()
    assert copy.engine == ENGINE
    plan.run.refresh_from_db()
    assert plan.run.state == "failed"


def test_a_plan_without_a_checkpoint_begins_anew_with_the_same_wish(user: User, fail: Any) -> None:
    fail("iteration-1")
    wish = Wish(goal="A bakery", engine=ENGINE, max_iterations=2, deadline_seconds=77, quorum=1)
    plan = propose(wish, by=user)
    assert see_through(plan.run).state == "failed"
    fail()

    again = actions.retry(plan.run_id, by=user)

    copy = Plan.objects.get(run=again)
    assert (copy.goal, copy.max_iterations, copy.deadline_seconds) == ("A bakery", 2, 77)
    assert copy.branched_from is None
    assert see_through(again).state == "completed"


def test_a_strategy_begins_anew(user: User, fail: Any) -> None:
    strategy = start_strategy(StrategyWish(goal="A bakery", engine=ENGINE), by=user)
    Run.objects.filter(pk=strategy.run_id).update(state="failed")

    again = actions.retry(strategy.run_id, by=user)

    copy = Strategy.objects.get(run=again)
    assert (copy.goal, copy.engine) == ("A bakery", ENGINE)
    assert copy.pk != strategy.pk
