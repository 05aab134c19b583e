"""Strategies and their steps."""

import uuid

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from planning.models.memory import Entity, ReadText
from runs.models import Run


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, user: User) -> "StrategyQuerySet":
        return self.filter(run__in=Run.objects.visible_to(user).values("pk"))


class Strategy(models.Model):
    """A goal worked on in eight steps. Its state is its run's state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.OneToOneField(Run, models.PROTECT, related_name="strategy")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="strategies"
    )
    goal = models.TextField()
    engine = models.CharField(max_length=40)
    estimates = models.JSONField(default=dict)  # the seconds each step was expected to take
    document = models.TextField(blank=True)  # Markdown, once it is written
    entity = models.ForeignKey(
        Entity, models.SET_NULL, null=True, blank=True, related_name="strategies"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.goal[:80]


class StrategyDocument(ReadText):
    """A text as a strategy read it."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="documents")

    class Meta(ReadText.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "name"], name="planning_strategydocument_one_for_each_name"
            )
        ]


class StrategyStep(models.Model):
    """One of the eight steps. A failed one stopped none of the others; its run's step of the same
    name has what it found.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    achievement = models.TextField(blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"], name="planning_strategystep_one_for_each_number"
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(error_code=""))
                | (~Q(state="failed") & Q(error_code="")),
                name="planning_strategystep_failed_says_why",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"step {self.number}, {self.name}"
