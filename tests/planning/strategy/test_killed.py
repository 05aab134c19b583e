"""A worker that dies at any write of a strategy: another finishes, and the log says it once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from agents.strategy_guides import STEPS
from planning.models import Strategy
from runs.models import Run, Step
from runs.sweep import reassign
from streams.events import KNOWN
from tests.factories import advance, make_user
from tests.mortal import MortalWriter
from tests.planning.strategy.made import failing, strategy, told
from tests.runs.steps_support import Killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
MEASURED = {"duration_ms", "estimated_seconds", "message_id", "entity", "url"}


def live(by: User, engine: str, writer: MortalWriter) -> Strategy:
    """Let a strategy be worked out; a death is survived once."""
    made = strategy(by, engine=engine)
    while Run.objects.get(pk=made.run_id).state == "queued":
        try:
            advance(made.run, writer)
        except Killed:
            writer.close()
            writer = MortalWriter()
            reassign(made.run_id, now=timezone.now() + timedelta(days=1))
    writer.close()
    made.refresh_from_db()
    return made


def story(made: Strategy) -> list[Any]:
    """Return what was told of the work itself, without what differs each time."""
    return [
        (one["type"], {k: v for k, v in one["data"].items() if k not in MEASURED})
        for one in told(made)
        if one.get("final") or not KNOWN[one["type"]].is_lifecycle
    ]


@pytest.mark.slow
@pytest.mark.parametrize("commits", [False, True], ids=["before", "after"])
def test_a_strategy_killed_at_any_write_ends_as_the_undisturbed_one(user: User, commits: bool):
    """Rows 3-4, 3-47; reliability 1: also while a step of it fails."""
    with failing("competition") as engine:
        writer = MortalWriter()
        calm = live(user, engine, writer)
        expected, count = story(calm), writer.count

        assert count > 50
        for position in range(1 + commits, count + 1, 2):
            made = live(make_user(), engine, MortalWriter(position, commits=commits))

            positions = [event["position"] for event in told(made)]
            assert positions == list(range(1, len(positions) + 1)), position
            assert story(made) == expected, position
            assert made.document == calm.document, position
            steps = Step.objects.filter(run=made.run).values_list("name", "restarts")
            assert sorted(steps) == sorted((guide.name, 0) for guide in STEPS), position
            assert made.steps.count() == len(STEPS), position
