"""Make the demonstration data through the same actions that people use; safe to repeat."""

from pathlib import Path

from django.contrib.auth.models import User
from django.db import IntegrityError

from planning import actions, memory
from planning.actions import Wish
from planning.models import Entity, Plan
from project.demo import accounts, chatting
from runs import gates, inline
from runs.exceptions import GateError
from runs.models import Gate, Run

HERE = Path(__file__).resolve().parent
DOCUMENTS = ("delivery-today", "vehicles-and-offers", "city-rules-and-funding")
FINISHED_KEY = "demo-finished"
WAITING_KEY = "demo-waiting"
PATIENCE = 30 * 24 * 3600  # seconds; whoever looks in next week still finds the question open
LONGEST = 20  # segments of a plan; more would mean that it does not get on

FINISHED_GOAL = (
    "Decide whether Lindgren Bakery should replace its diesel vans with electric vans and cargo "
    "bikes before the zero-emission zone of 2028, at what cost, and in which steps"
)
WAITING_GOAL = (
    "Plan how Lindgren Bakery wins back the cafés in the old town, with the risks and the costs "
    "of delivering to them by cargo bike"
)


def is_needed() -> bool:
    """Whether nothing is there yet, or an earlier attempt was interrupted."""
    people = User.objects.filter(username=accounts.OWNER)
    if not people.exists():
        return not User.objects.exists()
    if accounts.known_password() is None:
        return False  # somebody of that name, but not of our making
    waiting = Run.objects.filter(created_by__in=people, idempotency_key=WAITING_KEY)
    has_asked = Gate.objects.filter(run__in=waiting, kind=Gate.Kind.CHECKPOINT).exists()
    return not (has_asked and chatting.is_there(people))


def seed() -> None:
    """Create what is missing: people, documents, a finished plan, a plan at a checkpoint, a chat."""
    owner, reviewers = accounts.create()
    slugs = [_entity(name, owner).slug for name in DOCUMENTS]
    # Half as long as the other: people wait for this before their first page.
    short = Wish(goal=FINISHED_GOAL, documents=slugs, max_iterations=2, checkpoint_interval=1)
    _work(actions.propose(short, by=owner, idempotency_key=FINISHED_KEY), until_checkpoint=False)
    open_ = Wish(goal=WAITING_GOAL, documents=slugs, deadline_seconds=PATIENCE, approvers=reviewers)
    _work(actions.propose(open_, by=owner, idempotency_key=WAITING_KEY), until_checkpoint=True)
    chatting.seed(owner, deadline_seconds=PATIENCE)


def _entity(name: str, owner: User) -> Entity:
    key = f"demo-{name}"
    found = Entity.objects.filter(created_by=owner, idempotency_key=key)
    if known := found.first():
        return known
    heading, _, body = (HERE / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    title = heading.removeprefix("#").strip()
    try:
        return memory.save_entity(title=title, body=body, by=owner, idempotency_key=key)
    except IntegrityError:
        return found.get()  # another process was faster


def _work(plan: Plan, *, until_checkpoint: bool) -> None:
    """Advance a plan to its end, or to its first checkpoint; both leave what others do alone."""
    for _ in range(LONGEST):
        run = inline.advance(plan.run_id)
        gate = Gate.objects.filter(run=run, state=Gate.State.PENDING).first()
        if gate is None:
            return  # it has ended, or another process works on it
        if until_checkpoint and gate.kind == Gate.Kind.CHECKPOINT:
            return
        try:
            gates.answer(
                gate.pk,
                by=plan.created_by,
                decision="approve",
                digest=gate.digest,
                via=Gate.Via.CLI,
                comment="Approved for the demonstration.",
            )
        except GateError:
            return  # somebody else has decided it meanwhile
