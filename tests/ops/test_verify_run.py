"""`manage.py verify_run` finds what was altered behind the application's back, and names it."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from runs import gates, seals, verifying
from runs.context import RunContext
from runs.gates import Policy, Question
from runs.models import Answer, Gate, Run, Step
from streams import log
from streams.models import MessageChunk, Stream, StreamEvent
from streams.verifying import snapshot
from tests.factories import (
    Moved,
    Said,
    advance,
    answer,
    at_once,
    held,
    make_gate,
    make_run,
    make_user,
    register,
)
from tests.runs.gates_support import allow

pytestmark = pytest.mark.django_db(transaction=True)


async def _asks_twice(context: RunContext) -> str:
    message = uuid.uuid4()

    async def work(_: object) -> dict[str, int]:
        return {"rows": 3}

    def begin() -> list[Moved | Said]:
        said = [
            Said(message_id=message, sequence=number, content="x", completed=number == 3)
            for number in (1, 2, 3)
        ]
        return [Moved(step="profile", progress=10, message="Profiling"), *said]

    await context.step("profile", work, begin=begin)
    for name in ("checkpoint-1", "checkpoint-2"):
        question = Question(
            kind=Gate.Kind.CHECKPOINT,
            name=name,
            text="Go on?",
            payload={"cost": 10, "of": name},
            decisions=("approve", "reject"),
        )
        await context.ask(question, before=lambda gate: [])
    return "done"


@pytest.fixture
def run() -> Run:
    """Return a run with a step, three chunks of text and two decisions, completed."""
    run = make_run(kind=register("asks", _asks_twice))
    for _ in range(2):
        advance(run)
        answer(run.gates.get(state=Gate.State.PENDING), comment="fine")
    return advance(run)


def faults(run: Run) -> list[str]:
    return list(verifying.verify(run.pk).faults)


def test_a_run_that_nobody_touched_has_no_faults(run: Run):
    report = verifying.verify(run.pk)

    assert report.faults == ()
    assert (report.state, report.decisions) == ("completed", 2)
    assert report.seal == run.gates.get(name="checkpoint-2").seal != ""


def _gate(run: Run, number: int = 1) -> Gate:
    return run.gates.get(name=f"checkpoint-{number}")


def _change(run: Run, number: int = 1, **columns: object) -> None:
    Gate.objects.filter(pk=_gate(run, number).pk).update(**columns)


def _vanish(run: Run) -> None:
    Answer.objects.filter(gate=_gate(run, 2)).delete()
    _gate(run, 2).delete()


def _rewrite(run: Run) -> None:
    event = StreamEvent.objects.get(stream=run.stream_id, position=4)
    body = {**json.loads(event.body), "position": 99}
    StreamEvent.objects.filter(pk=event.pk).update(body=json.dumps(body))


def _retell(run: Run) -> None:
    """Alter a decision in the log only."""
    event = _events(run).filter(type="gate_answered").earliest("position")
    StreamEvent.objects.filter(pk=event.pk).update(body=event.body.replace('"approve"', '"reject"'))


def _events(run: Run) -> "QuerySet[StreamEvent]":
    return StreamEvent.objects.filter(stream=run.stream_id)


TAMPERED: list[tuple[Callable[[Run], object], str]] = [
    (lambda run: _change(run, decision="reject"), "gate checkpoint-1 was altered after"),
    (lambda run: _change(run, comment="never"), "gate checkpoint-1 was altered after"),
    (lambda run: _change(run, decided_by=make_user()), "gate checkpoint-1 was altered after"),
    (lambda run: _change(run, decided_at=F("created_at")), "gate checkpoint-1 was altered after"),
    (lambda run: _change(run, quorum=2), "gate checkpoint-1 was altered after"),
    (lambda run: _change(run, answer={"limit": 5}), "gate checkpoint-1 was altered after"),
    (lambda run: _change(run, seal=""), "gate checkpoint-1 was decided without a seal"),
    (lambda run: _change(run, 2, seal="unsealed"), "gate checkpoint-2 was decided without a seal"),
    (lambda run: _change(run, payload={"cost": 9}), "shows something else than its digest"),
    (lambda run: Answer.objects.filter(gate=_gate(run)).update(user=make_user()), "was altered"),
    (lambda run: Answer.objects.filter(gate=_gate(run)).update(digest="0" * 64), "another payload"),
    (lambda run: Answer.objects.filter(gate=_gate(run)).delete(), "gate checkpoint-1 was altered"),
    (_vanish, "tells of a decision at gate"),
    (_retell, "gate checkpoint-1: the log tells of decision 'reject', the row of 'approve'"),
    (lambda run: _events(run).filter(type="gate_answered").delete(), "tells of 0 decisions"),
    (lambda run: _events(run).filter(position=3).delete(), "event 3 is missing"),
    (lambda run: _events(run).filter(position__in=(3, 4)).delete(), "events 3..4 are missing"),
    (lambda run: _events(run).filter(is_last=True).delete(), "the stream counts"),
    (lambda run: _events(run).update(is_last=False), "is closed, but its log has no last event"),
    (_rewrite, "event 4 says something else than its row"),
    (lambda run: MessageChunk.objects.filter(sequence=2).delete(), "chunk 2 is missing"),
    (lambda run: MessageChunk.objects.filter(sequence=3).delete(), "chunk 3 is missing, though"),
    (lambda run: MessageChunk.objects.filter(sequence=1).update(is_last=True), "after its last"),
    (lambda run: _events(run).filter(sequence=3).update(message_id=None, sequence=None), "no event"),
    (lambda run: Run.objects.filter(pk=run.pk).update(state="failed"), "last word is completed"),
    (lambda run: Run.objects.filter(pk=run.pk).update(finished_at=None), "finished_at is not set"),
    (lambda run: Run.objects.filter(pk=run.pk).update(fence=0), "but the run's is 0"),
    (lambda run: Step.objects.filter(run=run).update(finished_at=None), "profile never ended"),
    (lambda run: Step.objects.filter(run=run).update(from_position=999), "which is not there"),
    (lambda run: Stream.objects.filter(pk=run.stream_id).update(closed_at=None), "is open"),
]  # fmt: skip


@pytest.mark.parametrize(("tamper", "named"), TAMPERED)
def test_what_was_altered_by_hand_is_named(run: Run, tamper: Callable[[Run], object], named: str):
    tamper(run)

    found = faults(run)

    assert any(named in fault for fault in found), found


def test_an_altered_decision_breaks_the_chain_even_when_its_own_seal_is_made_anew(run: Run):
    _change(run, comment="never")
    first = _gate(run)
    _change(run, seal=seals.seal_of(first, ""))

    assert [fault for fault in faults(run) if "checkpoint-2 was altered" in fault]


def test_a_policy_that_decided_and_a_vote_of_many_are_sealed_too():
    expired = make_gate(policy=Policy(on_expiry="reject"))
    gates.expire(expired.pk, now=expired.deadline)
    shared = make_gate(policy=Policy(quorum=2))
    for _ in range(2):
        answer(shared, allow(make_user()))

    assert faults(expired.run) == faults(shared.run) == []
    Gate.objects.filter(pk=expired.pk).update(via="web")
    Answer.objects.get(gate=shared, user=shared.answers.earliest("pk").user).delete()
    assert "was altered" in " ".join(faults(expired.run))
    assert "was altered" in " ".join(faults(shared.run))


def test_decisions_from_before_there_were_seals_are_left_alone(run: Run):
    run.gates.update(seal="unsealed")

    assert faults(run) == []


def test_a_lease_that_ran_out_long_ago_is_noted_and_a_fresh_one_is_not():
    run = make_run()
    held(run)

    assert verifying.verify(run.pk).notes == ()
    Run.objects.filter(pk=run.pk).update(lease_until=F("created_at") - timedelta(hours=1))
    report = verifying.verify(run.pk)
    assert "nobody took the run over" in " ".join(report.notes)
    assert report.faults == ()


def test_a_step_that_a_former_owner_wrote_is_a_fault_and_one_at_work_is_not(run: Run):
    Step.objects.create(run=run, name="late", fence=1, from_position=1)
    Run.objects.filter(pk=run.pk).update(fence=9)
    Step.objects.filter(run=run, name="profile").update(fence=5)

    assert "written with fence" not in " ".join(faults(run))
    Step.objects.filter(run=run, name="late").update(finished_at=Now())
    assert "step late was written with fence 1, after one with 5" in faults(run)


def test_a_log_that_was_pruned_is_checked_as_far_as_it_goes(run: Run):
    log.trim(run.stream_id, keep_from=2**62)

    assert faults(run) == []
    _change(run, decision="reject")
    assert "was altered" in " ".join(faults(run))


def test_looking_holds_nobody_up_and_sees_one_moment(run: Run):
    def write(_: int) -> int:
        return Run.objects.filter(pk=run.pk).update(message="written meanwhile")

    with snapshot():
        assert Run.objects.get(pk=run.pk).message == "done"
        assert at_once(1, write) == [1]
        assert Run.objects.get(pk=run.pk).message == "done"

    assert Run.objects.get(pk=run.pk).message == "written meanwhile"


def test_the_command_names_the_run_and_fails(run: Run):
    good, out = make_run(), StringIO()
    _change(run, decision="reject")

    with pytest.raises(SystemExit) as ended:
        call_command("verify_run", all=True, stdout=out)

    assert ended.value.code == 1
    assert f"FAULTY {run.pk} asks completed" in out.getvalue()
    assert f"ok     {good.pk}" in out.getvalue()
    assert "2 runs looked at, 1 with faults." in out.getvalue()


def test_the_command_takes_the_beginning_of_an_id_and_tells_programs(run: Run):
    out = StringIO()

    call_command("verify_run", str(run.pk)[:8], json=True, stdout=out)

    told = json.loads(out.getvalue())
    assert (told["run_id"], told["faults"], told["decisions"]) == (str(run.pk), [], 2)


@pytest.mark.parametrize("arguments", [[], ["abcd1234"], ["not an id"], ["abcd", "--all"]])
def test_the_command_says_what_it_cannot_find(arguments: list[str]):
    with pytest.raises(CommandError):
        call_command("verify_run", *arguments)
