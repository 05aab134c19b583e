"""Starting strategies, and how long they are expected to take."""

import pytest
from django.contrib.auth.models import User

from agents.strategy_guides import STEPS
from planning.exceptions import InvalidInput, UnknownDocument
from planning.memory import save_entity
from planning.models import Entity, Strategy, StrategyStep
from planning.strategy import actions, estimates, shapes
from planning.strategy.actions import StrategyWish
from runs import handlers
from runs.models import Run
from tests.factories import at_once
from tests.planning.strategy.made import GOAL, strategy, worked_out

pytestmark = pytest.mark.django_db


def test_without_documents_the_newest_memory_is_read_but_not_what_was_made_of_it(user: User):
    own = save_entity(title="Rent", body="Rent is 3,000 EUR.", by=user)
    made = strategy(user)
    made.entity = save_entity(title="Strategy", body="Rent is 3,000 EUR.", by=user)
    made.save()

    later = strategy(user)

    assert [one.name for one in later.documents.all()] == [own.slug]


def test_a_document_that_is_not_the_users_is_refused(user: User, other: User):
    """Reliability 17."""
    theirs = save_entity(title="Rent", body="Rent is 3,000 EUR.", by=other)

    with pytest.raises(UnknownDocument):
        strategy(user, documents=(theirs.slug,))
    assert not Run.objects.exists()


@pytest.mark.parametrize("goal", ["", " \n", "x" * 10_001, "a\x00b"])
def test_a_goal_that_is_none_is_refused(user: User, goal: str):
    with pytest.raises(InvalidInput) as raised:
        strategy(user, goal=goal)

    assert list(raised.value.fields) == ["goal"]


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_time_starts_one(user: User):
    wish = StrategyWish(goal=GOAL, engine="scripted")

    made = at_once(4, lambda _: actions.start(wish, by=user, idempotency_key="k"))

    assert len({one.pk for one in made if isinstance(one, Strategy)}) == 1
    assert Strategy.objects.count() == 1


def measured(by: User, seconds: float, state: str = "completed") -> None:
    made = strategy(by)
    Run.objects.filter(pk=made.run_id).update(state=state)
    milliseconds = round(seconds * 1000)
    StrategyStep.objects.bulk_create(
        StrategyStep(
            strategy=made, number=n, name=guide.name, state="completed", duration_ms=milliseconds
        )
        for n, guide in enumerate(STEPS, 1)
    )


def test_before_anything_was_measured_the_guides_say_how_long_it_takes(user: User):
    """Row 3-10."""
    assert estimates.total(strategy(user)) == sum(guide.seconds for guide in STEPS)


def test_the_estimate_is_the_median_of_what_each_step_took(user: User):
    """Row 3-10: one slow run does not change what is usual."""
    for seconds in (1, 2, 90):
        measured(user, seconds)

    assert estimates.total(strategy(user)) == 8 * 2


def test_other_engines_and_runs_that_did_not_complete_say_nothing(user: User):
    measured(user, 50, state="failed")

    assert estimates.of_steps("scripted") == estimates.of_steps("offline")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_whoever_may_see_a_strategy_may_read_its_entity(user: User, other: User):
    """Reliability 17: through the run, as with plans."""
    made = worked_out(user)

    assert list(Entity.objects.visible_to(user)) == [made.entity]
    assert list(Entity.objects.visible_to(other)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_a_snapshot_is_the_whole_strategy(user: User):
    made = worked_out(user)

    assert handlers.kind("strategy").snapshot(made.run) == shapes.strategy(made)
    (about,) = handlers.kind("strategy").about([made.run]).values()
    assert (about.title, about.url) == (GOAL, f"/strategies/{made.pk}/")
