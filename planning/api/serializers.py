"""Shapes of requests and answers about plans and memory."""

from typing import Any

from rest_framework import serializers

from planning.conf import (
    LONGEST_DEADLINE,
    LONGEST_GOAL,
    LONGEST_INTERVAL,
    MOST_DOCUMENTS,
    MOST_ITERATIONS,
)
from planning.memory import LONGEST_BODY, LONGEST_TITLE
from runs.api.serializers import Choice, FailureOut, Flag, GateOut, Text, UsageOut, Whole
from runs.gates import LONGEST_COMMENT
from runs.models import Gate, Run

LONGEST_ENGINE = 200  # more than any has: the answer then names those that there are
MOST_CHECKPOINTS = 1000  # more than any plan has


class GoalIn(serializers.Serializer[Any]):
    """What a plan needs; the rest has defaults."""

    goal = Text(max_length=LONGEST_GOAL)
    max_iterations = Whole(default=4, min_value=1, max_value=MOST_ITERATIONS)
    checkpoint_interval = Whole(default=2, min_value=1, max_value=LONGEST_INTERVAL)
    documents = serializers.ListField(
        child=Text(max_length=120),
        default=list,
        max_length=MOST_DOCUMENTS,
        help_text="Entity slugs, file ids or file slugs; without any, your newest memory is read.",
    )


def engine_in() -> Text:
    return Text(
        default="",
        allow_blank=True,
        max_length=LONGEST_ENGINE,
        help_text="The engine or language model that thinks; without one, the installation's.",
    )


class PlanIn(GoalIn):
    engine = engine_in()
    deadline_seconds = Whole(
        required=False, allow_null=True, min_value=1, max_value=LONGEST_DEADLINE
    )
    on_expiry = Choice(Gate.Expiry.choices, required=False)
    approvers = Text(
        required=False, max_length=150, help_text="The group whose members may decide as well."
    )
    four_eyes = Flag(default=False)
    quorum = Whole(default=1, min_value=1, max_value=20)


class BranchIn(serializers.Serializer[Any]):
    checkpoint = Whole(min_value=1, max_value=MOST_CHECKPOINTS)
    guidance = Text(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)


class EntityRef(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class WorkSummaryOut(serializers.Serializer[Any]):
    """What works on a goal in a run of its own, as lists show it."""

    id = serializers.UUIDField()
    goal = serializers.CharField()
    state = serializers.ChoiceField(Run.State.choices)
    progress = serializers.FloatField()
    message = serializers.CharField(allow_blank=True)
    engine = serializers.CharField()
    run_id = serializers.UUIDField()
    stream_url = serializers.CharField()
    status_url = serializers.CharField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    entity = EntityRef(allow_null=True)


class PlanSummaryOut(WorkSummaryOut):
    max_iterations = serializers.IntegerField()
    checkpoint_interval = serializers.IntegerField()


class CitationOut(serializers.Serializer[Any]):
    document = serializers.CharField()
    sentence = serializers.IntegerField()
    quote = serializers.CharField()


class FindingOut(serializers.Serializer[Any]):
    framework = serializers.CharField()
    cell = serializers.CharField()
    text = serializers.CharField()
    citations = CitationOut(many=True)


class DataPointOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    text = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    citation = CitationOut()


class GapOut(serializers.Serializer[Any]):
    framework = serializers.CharField()
    cell = serializers.CharField()
    task = serializers.CharField()


class IterationOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(["running", "completed", "stopped"])
    focus = serializers.CharField(allow_blank=True)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    frameworks = serializers.ListField(child=serializers.CharField())
    insights = serializers.ListField(child=serializers.CharField())
    followed = serializers.ListField(child=serializers.CharField())
    findings = FindingOut(many=True)
    data_points = DataPointOut(many=True)
    gaps = GapOut(many=True)


class CheckpointOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    iteration = serializers.IntegerField()
    summary = serializers.CharField(allow_blank=True)
    frameworks = serializers.ListField(child=serializers.CharField())
    data_points = serializers.IntegerField()
    deltas = serializers.DictField(child=serializers.IntegerField())
    insights = serializers.ListField(child=serializers.CharField())
    next = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    gate_id = serializers.UUIDField(allow_null=True)
    state = serializers.CharField()
    decision = serializers.CharField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)


class PlanOut(PlanSummaryOut):
    error = FailureOut(allow_null=True)
    usage = UsageOut(allow_null=True)
    position = serializers.IntegerField()
    pause_requested = serializers.BooleanField()
    cancel_requested = serializers.BooleanField()
    deadline_seconds = serializers.IntegerField()
    proposal = serializers.DictField(allow_null=True)
    documents = serializers.ListField(child=serializers.DictField())
    iterations = IterationOut(many=True)
    checkpoints = CheckpointOut(many=True)
    final_plan = serializers.CharField(allow_null=True)
    metrics = serializers.DictField()
    pending_gate = GateOut(allow_null=True)
    branched_from = serializers.DictField(allow_null=True)


class SentenceOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.CharField()
    line = serializers.IntegerField()


class SourceOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    sentences = SentenceOut(many=True)


class EntityIn(serializers.Serializer[Any]):
    title = Text(max_length=LONGEST_TITLE)
    body = Text(max_length=LONGEST_BODY)


class EntityOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    url = serializers.CharField()
    links = serializers.ListField(child=serializers.CharField())
    backlinks = serializers.ListField(child=serializers.CharField())
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
