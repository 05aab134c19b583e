"""Whatever people and workers do, in any order: only allowed transitions, and a log that agrees."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agents.exceptions import Permanent, Retryable
from runs import actions, execution, gates, transitions
from runs.exceptions import GateError, InvalidTransition
from runs.lease import Lease, claim
from runs.models import Gate, Run
from runs.sweep import reassign, sweep
from streams.exceptions import Fenced
from streams.models import StreamEvent
from tests.factories import Noted, make_gate, make_run, make_user

FAR = timedelta(days=1)
STEPS = {
    "run_completed": "completed",
    "run_failed": "failed",
    "run_cancelled": "cancelled",
    "run_rejected": "rejected",
    "run_expired": "expired",
    "run_retrying": "queued",
    "run_reassigned": "queued",
    "gate_opened": "waiting",
}


class RunMachine(RuleBasedStateMachine):
    """One run, its workers (of whom all but the last are zombies), and the people around it."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = make_user()
        self.run = make_run(self.owner, max_attempts=3)
        self.leases: list[Lease] = []
        self.state = "queued"
        self.gate_count = 0
        transitions.tell(self.run, Noted(text="start"))

    def _row(self) -> Run:
        return Run.objects.get(pk=self.run.pk)

    @rule()
    def claim(self) -> None:
        if lease := claim(self.run.pk, self._row().segment, now=timezone.now() + FAR):
            self.leases.append(lease)

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 5), how=st.sampled_from(["complete", "retry", "fail", "give back"]))
    def end_segment(self, pick: int, how: str) -> None:
        lease = self.leases[pick % len(self.leases)]
        outcomes = {
            "complete": lambda: execution._complete("ok", lease),
            "retry": lambda: execution._failed(Retryable("x"), lease),
            "fail": lambda: execution._failed(Permanent("x"), lease),
            "give back": lambda: execution.give_back(lease),
        }
        try:
            lease.hold()
            outcomes[how]()
        except Fenced:
            assert lease.fence != self._row().fence or self._row().state != "running"

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 5))
    def ask(self, pick: int) -> None:
        lease = self.leases[pick % len(self.leases)]
        self.gate_count += 1
        question = gates.Question(
            kind=Gate.Kind.CHECKPOINT,
            name=f"gate {self.gate_count}",
            text="?",
            payload={},
            decisions=("approve", "reject"),
        )
        try:
            lease.hold()
            if not transitions.obey_cancel(self.run.pk, lease.condition):
                transitions.tell(self.run, gates.opened(gates.open_gate(lease, question)))
        except Fenced:
            pass

    @rule(decision=st.sampled_from(["approve", "reject"]))
    def answer(self, decision: str) -> None:
        gate = Gate.objects.filter(run=self.run).order_by("-created_at").first()
        if gate is None:
            return
        try:
            gates.answer(gate.pk, by=self.owner, decision=decision, digest=gate.digest, via="api")
        except GateError:
            assert gate.state != "pending"

    @rule(action=st.sampled_from([actions.cancel, actions.pause, actions.resume]))
    def act(self, action) -> None:
        try:
            action(self.run.pk)
        except InvalidTransition as error:
            refused = error.state
        else:
            return
        assert refused == self._row().state

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 5))
    def pause_point(self, pick: int) -> None:
        lease = self.leases[pick % len(self.leases)]
        if self._row().pause_requested:
            transitions.pause(self.run.pk, lease.condition)

    @rule()
    def lose_the_worker(self) -> None:
        reassign(self.run.pk, now=timezone.now() + FAR)

    @rule()
    def let_the_deadline_pass(self) -> None:
        sweep(now=timezone.now() + FAR)

    @invariant()
    def only_allowed_transitions(self) -> None:
        state = self._row().state
        if state == self.state:
            return
        reachable = {self.state}
        for _ in range(2):  # one rule may take two steps: a sweep reassigns, then expires
            reachable |= {after for before in reachable for after in Run.NEXT[before]}
        assert state in reachable
        assert Run.NEXT[self.state]
        self.state = state

    @invariant()
    def the_log_agrees_with_the_row(self) -> None:
        row = self._row()
        events = list(StreamEvent.objects.filter(stream=row.stream_id).order_by("position"))
        assert [event.position for event in events] == list(range(1, len(events) + 1))
        told = [
            STEPS.get(event.type) or json.loads(event.body)["data"].get("state")
            for event in events
            if event.type in STEPS or event.type == "run_state"
        ]
        if told:
            assert told[-1] == row.state
        finals = [event for event in events if json.loads(event.body).get("final")]
        assert len(finals) == int(row.is_terminal)
        assert [event.is_last for event in finals] == [True] * len(finals)
        assert not finals or events[-1] == finals[0]

    @invariant()
    def what_is_held_and_asked_fits_the_state(self) -> None:
        row = self._row()
        assert (row.lease_owner is not None) == (row.state == "running")
        pending = Gate.objects.filter(run=row, state="pending").count()
        assert pending == int(row.state == "waiting")
        assert (row.finished_at is not None) == row.is_terminal
        if row.is_terminal:
            assert (row.cancel_requested, row.pause_requested) == (False, False)


@pytest.mark.django_db
def test_a_run_keeps_its_promises_whatever_happens():
    """Reliability 23 and 10: state told by the events equals the rows."""
    RunMachine.TestCase.settings = settings(
        max_examples=25,
        stateful_step_count=16,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    RunMachine.TestCase().runTest()
    assert connection.is_usable()


@pytest.mark.django_db
def test_the_table_of_transitions_covers_every_state_and_ends_are_ends():
    """Reliability 23."""
    assert set(Run.NEXT) == set(Run.State)
    assert {state for state in Run.State if not Run.NEXT[state]} == set(Run.TERMINAL)
    assert make_gate().run.state == "waiting"
