"""A strategy from its goal to its document, and what happens when steps of it fail."""

import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.strategy_guides import STEPS
from planning.models import Strategy
from planning.strategy import shapes
from runs import actions
from runs.models import Run
from tests.factories import advance
from tests.planning.strategy.made import Error, again, failing, strategy, told, worked_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
NAMES = [guide.name for guide in STEPS]


def states(made: Strategy) -> list[str]:
    return list(made.steps.values_list("state", flat=True))


def cards(made: Strategy, step: str) -> dict[str, Any]:
    found = [one["data"] for one in told(made, "strategy_card")]
    return {one["phase"]: one for one in found if one["step"] == step}


def test_eight_steps_lead_to_a_document_in_memory(user: User):
    """Rows 3-41, 3-64."""
    made = worked_out(user)

    assert made.run.state == "completed"
    assert [one["data"]["step"] for one in told(made, "strategy_step_completed")] == NAMES
    assert states(made) == ["completed"] * 8
    assert made.entity is not None
    assert made.document.strip() in made.entity.body
    assert [one["type"] for one in told(made)][-3:] == [
        "strategy_ready",
        "strategy_saved",
        "run_completed",
    ]


def test_progress_is_ten_for_the_first_step_and_a_hundred_at_the_end_alone(user: User):
    """Rows 3-8, 3-23."""
    made = worked_out(user)

    starts = [one["data"]["progress"] for one in told(made, "strategy_step_started")]
    everything = [one["data"]["progress"] for one in told(made) if "progress" in one["data"]]
    assert starts == [10, 20, 30, 40, 50, 60, 70, 80]
    assert everything == sorted(everything)
    assert everything.count(100) == 1
    assert everything[-1] == 100


def test_each_step_teaches_when_it_starts_and_when_it_ends(user: User):
    """Rows 3-13, 3-42."""
    made = worked_out(user)

    for guide, follows in zip(STEPS, [*STEPS[1:], None], strict=True):
        told_of = cards(made, guide.name)
        assert told_of["start"]["title"] == guide.title
        assert told_of["start"]["details"] == list(guide.details)
        assert told_of["start"]["insight"] == guide.insight
        assert told_of["start"]["estimated_seconds"] == guide.seconds
        assert told_of["working"]["prompt_preview"].startswith("Work on")
        assert told_of["end"]["achievement"]
        assert told_of["end"]["next_step"] == (follows.title if follows else "Read the strategy.")


def test_a_step_that_fails_stops_none_of_the_others(user: User):
    """Rows 3-4, 3-47: the run goes on, and the document says what is missing."""
    with failing("competition") as engine:
        made = worked_out(user, engine=engine)

    assert made.run.state == "completed"
    assert made.run.message == "Strategy ready, without 1 of 8 steps."
    assert states(made)[3] == "failed"
    assert states(made).count("completed") == 7
    assert "- Analyzing the competition: The script says that competition fails." in made.document
    (ready,) = told(made, "strategy_ready")
    assert ready["data"]["missing"] == ["competition"]
    (failed,) = told(made, "strategy_step_failed")
    assert failed["data"]["error"] == {
        "code": "scripted",
        "message": "The script says that competition fails.",
    }


def test_a_failed_step_says_what_stands_in_its_place(user: User):
    """Rows 3-4, 3-13."""
    with failing("competition") as engine:
        made = worked_out(user, engine=engine)

    card = cards(made, "competition")["fallback"]
    assert card["details"] == ["The script says that competition fails."]
    assert "Competitive analysis and Porter's Five Forces were not applied." in card["fallback"]
    assert card["next_step"] == "Projecting performance"
    assert "end" not in cards(made, "competition")


def test_a_document_that_cannot_be_written_becomes_a_plain_list(user: User):
    """Row 3-4: what was found is not lost."""
    with failing("document") as engine:
        made = worked_out(user, engine=engine)

    assert made.run.state == "completed"
    assert "- Writing the strategy: The script says that document fails." in made.document
    assert made.document.count("[script#") == 10
    assert made.entity is not None


def test_without_a_single_step_there_is_no_strategy(user: User):
    """Row 3-4: an empty document would look like an answer."""
    with failing(*NAMES) as engine:
        made = worked_out(user, engine=engine)

    assert (made.run.state, made.run.error_code) == ("failed", "nothing_done")
    assert made.document == ""
    assert made.steps.count() == 7


@pytest.mark.parametrize("error", ["retryable", "crash"])
def test_a_step_is_tried_again_before_it_is_left_out(user: User, error: Error):
    """Rows 3-4, 3-19."""
    with failing("risks", error=error, times=2) as engine:
        made = worked_out(user, engine=engine)
        assert made.run.state == "queued"
        assert again(made).state == "queued"
        assert again(made).state == "completed"

    assert states(made) == ["completed"] * 8
    assert len(told(made, "strategy_step_started")) == 8  # tried again, told once
    assert len(told(made, "run_retrying")) == 2


@pytest.mark.parametrize(("error", "code"), [("retryable", "scripted"), ("crash", "internal")])
def test_after_its_last_try_a_step_is_left_out(
    user: User, caplog: pytest.LogCaptureFixture, error: Error, code: str
):
    """Row 3-4: also a bug in an engine costs only its step."""
    with failing("risks", error=error) as engine:
        made = strategy(user, engine=engine)
        Run.objects.filter(pk=made.run_id).update(max_attempts=2)
        advance(made.run)
        again(made)

    made.run.refresh_from_db()
    step = made.steps.get(name="risks")
    assert (made.run.state, step.state, step.error_code) == ("completed", "failed", code)
    assert "Traceback" not in step.error_message


def test_a_run_that_is_cancelled_stops_and_keeps_what_it_found(user: User):
    """Row 3-14."""
    made = strategy(user)
    actions.cancel(made.run_id)
    made.run.refresh_from_db()

    assert made.run.state == "cancelled"
    assert shapes.status(made)["status"] == "cancelled"


def test_a_strategy_pauses_between_two_steps_and_goes_on(user: User):
    made = strategy(user)
    actions.pause(made.run_id)
    assert Run.objects.get(pk=made.run_id).state == "paused"
    actions.resume(made.run_id)

    assert advance(made.run).state == "completed"


def test_the_log_of_the_server_has_no_words_of_the_goal(
    user: User, caplog: pytest.LogCaptureFixture
):
    """Reliability 24."""
    caplog.set_level(logging.DEBUG)
    with failing("risks", error="permanent") as engine:
        worked_out(user, engine=engine, goal="Buy the orchard of Mr. Quince")

    assert "Quince" not in caplog.text


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(st.sampled_from(NAMES), max_size=4), st.sampled_from(["permanent", "retryable"]))
def test_progress_never_falls_whatever_fails(user: User, steps: set[str], error: Any):
    """Row 3-8."""
    with failing(*sorted(steps), error=error, times=1) as engine:
        made = worked_out(user, engine=engine)
        for _ in steps:
            if not Run.objects.get(pk=made.run_id).is_terminal:
                again(made)

    values = [one["data"]["progress"] for one in told(made) if "progress" in one["data"]]
    assert Run.objects.get(pk=made.run_id).state == "completed"
    assert values == sorted(values)
    assert all(0 <= value <= 100 for value in values)
    assert values.count(100) == 1
