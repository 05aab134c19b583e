"""Plans and what they find."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from planning.models.memory import Entity, ReadText
from runs.models import Gate, Run


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> "PlanQuerySet":
        return self.filter(run__in=Run.objects.visible_to(user).values("pk"))


class Plan(models.Model):
    """A goal worked on in iterations. Its state is its run's state.

    `max_iterations` and `checkpoint_interval` are what the approved proposal says; until then,
    what was asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.OneToOneField(Run, models.PROTECT, related_name="plan")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="plans")
    goal = models.TextField()
    engine = models.CharField(max_length=40)
    max_iterations = models.PositiveSmallIntegerField()
    checkpoint_interval = models.PositiveSmallIntegerField()
    needs_proposal = models.BooleanField(default=True)  # False: somebody approved it in advance
    client_key = models.CharField(max_length=200, blank=True)  # a client's own name for the plan

    deadline_seconds = models.PositiveIntegerField()
    on_expiry = models.CharField(max_length=8, choices=Gate.Expiry)
    approvers = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="plans"
    )
    four_eyes = models.BooleanField(default=False)
    quorum = models.PositiveSmallIntegerField(default=1)

    proposal = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    branched_from = models.ForeignKey(
        "Checkpoint", models.PROTECT, null=True, blank=True, related_name="branches"
    )
    first_iteration = models.PositiveSmallIntegerField(default=1)  # later in a branch
    guidance = models.TextField(blank=True)  # what a branch was asked to do otherwise
    final_plan = models.TextField(blank=True)
    entity = models.ForeignKey(Entity, models.SET_NULL, null=True, blank=True, related_name="plans")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(max_iterations__gte=1, max_iterations__lte=20),
                name="planning_plan_iterations_1_to_20",
            ),
            models.CheckConstraint(
                condition=Q(checkpoint_interval__gte=1, checkpoint_interval__lte=10),
                name="planning_plan_interval_1_to_10",
            ),
            models.UniqueConstraint(
                fields=["created_by", "client_key"],
                condition=~Q(client_key=""),
                name="planning_plan_one_for_a_client_key",
            ),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.goal[:80]


class PlanDocument(ReadText):
    """A text as a plan read it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="documents")

    class Meta(ReadText.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"], name="planning_plandocument_one_for_each_name"
            )
        ]


class Iteration(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="iterations")
    number = models.PositiveSmallIntegerField()
    focus = models.TextField(blank=True)
    frameworks = models.JSONField(default=list)
    insights = models.JSONField(default=list)
    followed = models.JSONField(default=list)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="planning_iteration_one_for_each_number"
            )
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"iteration {self.number}"


class Finding(models.Model):
    """A cited line of one framework's cell."""

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="findings")
    framework = models.CharField(max_length=80)
    cell = models.CharField(max_length=80)
    text = models.TextField()
    citations = models.JSONField()  # [{document, sentence, quote}]

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class GapFound(models.Model):
    """A framework's cell without evidence; a task of the plan."""

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="gaps")
    framework = models.CharField(max_length=80)
    cell = models.CharField(max_length=80)
    task = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.task[:80]


class DataPoint(models.Model):
    """A figure with its unit and the sentence it comes from."""

    iteration = models.ForeignKey(Iteration, models.CASCADE, related_name="data_points")
    kind = models.CharField(max_length=10)
    label = models.TextField()
    text = models.TextField()
    value = models.FloatField(null=True)
    high = models.FloatField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    document = models.CharField(max_length=120)
    sentence = models.PositiveIntegerField()
    quote = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"


class Checkpoint(models.Model):
    """What a plan had reached when it asked. `gate` is None if it did not have to ask."""

    FIELDS: ClassVar = ("summary", "frameworks", "data_points", "deltas", "insights", "next")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="checkpoints")
    number = models.PositiveSmallIntegerField()
    iteration = models.PositiveSmallIntegerField()
    gate = models.OneToOneField(Gate, models.SET_NULL, null=True, related_name="checkpoint")
    summary = models.TextField()
    frameworks = models.JSONField()
    data_points = models.PositiveIntegerField()
    deltas = models.JSONField()
    insights = models.JSONField()
    next = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="planning_checkpoint_one_for_each_number"
            )
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"checkpoint {self.number} of {self.plan_id}"
