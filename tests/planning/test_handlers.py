"""A plan from its goal to its entity, with the scripted engine."""

import logging
from typing import Any

import pytest
from django.contrib.auth.models import User

from planning.actions import Wish, branch, propose
from planning.models import Plan
from planning.recording import metrics
from runs import actions, gates
from runs.models import Gate, Run
from streams.models import StreamEvent
from tests.factories import advance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def pending(plan: Plan) -> Gate:
    return Gate.objects.select_related("run").get(run=plan.run, state="pending")


def decide(plan: Plan, decision: str = "approve", **more: Any) -> Gate:
    gate = pending(plan)
    return gates.answer(
        gate.pk, by=plan.created_by, decision=decision, digest=gate.digest, via="api", **more
    )


def events(plan: Plan) -> list[str]:
    lifecycle = ("run_state", "gate_opened", "gate_answered")
    rows = StreamEvent.objects.filter(stream=plan.run.stream_id).exclude(type__in=lifecycle)
    return list(rows.values_list("type", flat=True))


def milestones(plan: Plan) -> list[str]:
    quiet = ("iteration_progress", "plan_metrics", "educational_card", "proposal_progress")
    return [type_ for type_ in events(plan) if type_ not in quiet]


def start(user: User, **wish: Any) -> Plan:
    return propose(Wish(goal="Open a second bakery", engine="scripted", **wish), by=user)


def to_the_end(plan: Plan) -> Plan:
    while not advance(plan.run).is_terminal:
        decide(plan)
    plan.refresh_from_db()
    return plan


def test_a_plan_of_four_iterations_and_interval_two_stops_at_two_checkpoints(user: User):
    """Rows 2-4, 2-6, 2-13, 2-20, 2-21, 2-53 and 2-58."""
    plan = to_the_end(start(user))

    assert plan.run.state == "completed"
    iteration = ["iteration_started", "iteration_completed"]
    checkpoint = ["checkpoint_reached", "checkpoint_approved"]
    assert milestones(plan) == [
        "proposal_ready",
        "planning_started",
        *(iteration * 2 + checkpoint) * 2,
        "final_plan",
        "plan_saved",
        "run_completed",
    ]


def test_the_final_figures_equal_the_rows(user: User):
    """Row 2-59."""
    plan = to_the_end(start(user))

    counted = metrics(plan)
    assert (counted["iterations"], counted["checkpoints"]) == (4, 2)
    event = StreamEvent.objects.get(stream=plan.run.stream_id, type="final_plan")
    for name in ("iterations", "checkpoints", "frameworks", "data_points"):
        assert f'"{name}":{counted[name]}' in event.body


def test_a_rejected_checkpoint_ends_the_plan_and_says_who(user: User):
    """Rows 2-25 and 2-72."""
    plan = start(user)
    advance(plan.run)
    decide(plan)
    advance(plan.run)

    decide(plan, "reject", comment="Too expensive.")

    plan.run.refresh_from_db()
    assert plan.run.state == "rejected"
    assert milestones(plan)[-2:] == ["checkpoint_rejected", "run_rejected"]


def test_approve_all_asks_no_more(user: User):
    plan = start(user)
    advance(plan.run)
    decide(plan)
    advance(plan.run)
    decide(plan, "approve_all")

    assert advance(plan.run).state == "completed"
    assert plan.checkpoints.count() == 2


def test_a_revision_at_the_last_checkpoint_adds_an_iteration(user: User):
    plan = start(user, max_iterations=2)
    advance(plan.run)
    decide(plan)
    advance(plan.run)
    decide(plan, "revise", comment="Look at the rent again.")
    advance(plan.run)

    assert plan.iterations.count() == 3
    assert pending(plan).name == "checkpoint-2"
    decide(plan)
    assert advance(plan.run).state == "completed"


def test_an_adjusted_proposal_is_worked_out_anew(user: User):
    plan = start(user)
    advance(plan.run)
    decide(plan, "adjust", payload={"max_iterations": 2, "checkpoint_interval": 1})
    advance(plan.run)

    gate = pending(plan)
    assert gate.name == "proposal-2"
    assert gate.payload["max_iterations"] == 2


def test_a_branch_goes_on_from_the_checkpoint(user: User):
    plan = to_the_end(start(user))

    copy = branch(plan, 1, by=user, guidance="Assume a smaller shop.")
    copy = to_the_end(copy)

    assert copy.run.state == "completed"
    assert copy.iterations.count() == 4
    assert milestones(copy).count("iteration_started") == 2
    assert metrics(copy)["checkpoints"] == 2
    assert plan.iterations.count() == 4


def test_each_iteration_leaves_a_line_in_the_server_log(
    user: User, caplog: pytest.LogCaptureFixture
):
    """Row 2-54."""
    with caplog.at_level(logging.INFO, logger="planning.work"):
        plan = to_the_end(start(user))

    lines = [record.getMessage() for record in caplog.records if record.name == "planning.work"]
    for number in range(1, 5):
        assert f"Iteration started run={plan.run_id} iteration={number}" in lines
        assert any(f"finished run={plan.run_id} iteration={number} ms=" in one for one in lines)
    assert "bakery" not in caplog.text


def test_a_plan_can_pause_at_an_iteration_boundary_and_go_on(user: User):
    """Rows 2-64, 2-69."""
    plan = start(user)
    advance(plan.run)
    decide(plan)
    Run.objects.filter(pk=plan.run_id).update(pause_requested=True)
    assert advance(plan.run).state == "paused"

    actions.resume(plan.run_id)

    assert to_the_end(plan).run.state == "completed"
    assert plan.iterations.count() == 4
