"""Durable work: a run, its steps, the gates it waits at, and who answered them."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from streams.models import Stream


class RunQuerySet(models.QuerySet["Run"]):
    def claimable(self, *, now: Combinable | Any = None) -> "RunQuerySet":
        """Queued runs whose time has come, the longest waiting first."""
        moment = Now() if now is None else now
        return self.filter(
            Q(not_before=None) | Q(not_before__lte=moment),
            Q(after=None) | Q(after__state__in=Run.TERMINAL),
            state=Run.State.QUEUED,
        ).order_by("queued_at")

    def visible_to(self, user: User) -> "RunQuerySet":
        """The user's own runs, those with a gate for one of the user's groups, or all."""
        if user.has_perm("runs.view_run") or user.has_perm("runs.answer_gate"):
            return self
        groups = user.groups.values("pk")
        gated = Gate.objects.filter(group__in=groups).values("run")
        return self.filter(Q(created_by=user) | Q(pk__in=gated))


class Run(models.Model):
    """Work that goes on until it ends, whichever processes die on the way.

    `fence` grows whenever somebody takes the run, or takes it away: a worker writes only while
    its number is the row's. `segment` grows with each wait, so that a late ticket does nothing.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        WAITING = "waiting"
        PAUSED = "paused"
        COMPLETED = "completed"
        FAILED = "failed"
        REJECTED = "rejected"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    TERMINAL: ClassVar = frozenset(
        {State.COMPLETED, State.FAILED, State.REJECTED, State.EXPIRED, State.CANCELLED}
    )
    NEXT: ClassVar[dict[str, frozenset[str]]] = {
        State.QUEUED: frozenset({State.RUNNING, State.PAUSED, State.CANCELLED}),
        State.RUNNING: frozenset(
            {
                State.QUEUED,
                State.WAITING,
                State.PAUSED,
                State.COMPLETED,
                State.FAILED,
                State.CANCELLED,
            }
        ),
        State.WAITING: frozenset(
            {State.QUEUED, State.REJECTED, State.EXPIRED, State.CANCELLED, State.COMPLETED}
        ),
        State.PAUSED: frozenset({State.QUEUED, State.CANCELLED}),
        **{state: frozenset() for state in TERMINAL},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="runs")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="runs")
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unset is not a key
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # Runs that share a stream: this one starts when the one before it has ended, however it did.
    after = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers"
    )
    begins_after = models.PositiveBigIntegerField(default=0)  # the position before its first event

    segment = models.PositiveIntegerField(default=1)
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)  # claims since the last recorded progress
    max_attempts = models.PositiveIntegerField(default=5)
    cancel_requested = models.BooleanField(default=False)
    pause_requested = models.BooleanField(default=False)

    progress = models.FloatField(default=0)
    step = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=500, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="runs_run_one_for_a_key",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_owner__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_owner=None, lease_until=None)),
                name="runs_run_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=100), name="runs_run_progress_percent"
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(state="queued"), name="runs_run_queued"),
            models.Index(
                fields=["lease_until"], condition=Q(state="running"), name="runs_run_leased"
            ),
            models.Index(fields=["created_by", "-created_at"], name="runs_run_of_user"),
            models.Index(
                fields=["stream"],
                condition=~Q(state__in=["completed", "failed", "rejected", "expired", "cancelled"]),
                name="runs_run_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    @property
    def is_terminal(self) -> bool:
        return self.state in self.TERMINAL


class Step(models.Model):
    """A named part of a run. Its result is recorded once; a resumed run reads it from here."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=100)
    fence = models.PositiveBigIntegerField()
    from_position = models.PositiveBigIntegerField()  # the log's last position when it began
    restarts = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    usage = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="runs_step_one_for_each_name"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} of {self.run_id}"

    @property
    def duration(self) -> timedelta | None:
        return self.finished_at - self.started_at if self.finished_at else None


class Gate(models.Model):
    """A question to a person that a run waits for.

    `digest` is the SHA-256 of the payload as it was shown; an answer must name it, so that
    nobody approves something else than what they read.
    """

    class Kind(models.TextChoices):
        PROPOSAL = "proposal"
        CHECKPOINT = "checkpoint"
        TOOL = "tool"
        QUESTION = "question"

    class State(models.TextChoices):
        PENDING = "pending"
        DECIDED = "decided"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"  # the run was cancelled

    class Expiry(models.TextChoices):
        EXPIRE = "expire"
        REJECT = "reject"
        APPROVE = "approve"

    class Via(models.TextChoices):
        WEB = "web"
        API = "api"
        ADMIN = "admin"
        LINK = "link"
        CLI = "cli"
        POLICY = "policy"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="gates")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=100)
    question = models.CharField(max_length=500)
    payload = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    decisions = models.JSONField()  # what may be decided, in the order to show
    deadline = models.DateTimeField()
    on_expiry = models.CharField(max_length=8, choices=Expiry, default=Expiry.EXPIRE)

    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="gates"
    )  # whose members may answer, besides the owner
    owner_may_answer = models.BooleanField(default=True)  # False: four eyes
    quorum = models.PositiveSmallIntegerField(default=1)  # how many must approve

    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    decision = models.CharField(max_length=12, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    answer = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    via = models.CharField(max_length=8, choices=Via, blank=True)
    # What proves the decision: see `runs.seals`.
    seal = models.CharField(max_length=64, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="runs_gate_one_for_each_name"),
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(state="pending"),
                name="runs_gate_one_pending_for_a_run",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None, decision="")
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="runs_gate_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(decision=""),
                name="runs_gate_decided_has_decision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline"], condition=Q(state="pending"), name="runs_gate_pending"
            ),
        ]
        permissions = [("answer_gate", "Can answer any gate")]

    def __str__(self) -> str:
        return f"{self.name} of {self.run_id} ({self.decision or self.state})"


class Answer(models.Model):
    """Who answered a gate, and how: written once for each accepted answer, never changed."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="answers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="answers"
    )
    decision = models.CharField(max_length=12)
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    via = models.CharField(max_length=8, choices=Gate.Via)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "user"], name="runs_answer_one_for_each_user"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.decision} by {self.user_id} on {self.gate_id}"
