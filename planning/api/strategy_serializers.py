"""Shapes of requests and answers about strategies."""

from typing import Any

from rest_framework import serializers

from planning.api.serializers import (
    DataPointOut,
    EntityRef,
    FindingOut,
    GapOut,
    WorkSummaryOut,
    engine_in,
)
from planning.conf import LONGEST_GOAL, MOST_DOCUMENTS
from runs.api.serializers import Choice, FailureOut, Text, UsageOut
from runs.models import Run

COMMANDS = ("cancel", "pause", "resume")


class StrategyIn(serializers.Serializer[Any]):
    goal = Text(max_length=LONGEST_GOAL)
    documents = serializers.ListField(
        child=Text(max_length=120),
        default=list,
        max_length=MOST_DOCUMENTS,
        help_text="Entity slugs, file ids or file slugs; without any, your newest memory is read.",
    )
    engine = engine_in()


class MissingOut(serializers.Serializer[Any]):
    step = serializers.IntegerField()
    title = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class EducationalOut(serializers.Serializer[Any]):
    phase = serializers.ChoiceField(["start", "working", "end", "fallback"])
    title = serializers.CharField()
    description = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField(), required=False)
    insight = serializers.CharField(required=False)
    prompt_preview = serializers.CharField(required=False)
    estimated_seconds = serializers.FloatField(required=False)
    achievement = serializers.CharField(required=False)
    next_step = serializers.CharField(required=False)
    fallback = serializers.CharField(required=False)


class StrategyStatusOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(Run.State.choices)
    step = serializers.IntegerField(help_text="From 1 to 8; 0 before the first has started.")
    steps = serializers.IntegerField()
    progress = serializers.FloatField()
    message = serializers.CharField()
    educational_content = EducationalOut(allow_null=True)
    error = serializers.CharField(allow_null=True)
    error_code = serializers.CharField(allow_null=True)
    missing = MissingOut(many=True)
    entity = EntityRef(allow_null=True)
    position = serializers.IntegerField()
    estimate_seconds = serializers.FloatField()
    no_progress_seconds = serializers.FloatField()
    poll_after_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    strategy_url = serializers.CharField()
    status_url = serializers.CharField()
    stream_url = serializers.CharField()
    command_url = serializers.CharField()


class StrategySummaryOut(WorkSummaryOut):
    estimate_seconds = serializers.FloatField()


class StrategyStepOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(["running", "completed", "failed", "stopped"])
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    achievement = serializers.CharField(allow_blank=True)
    error = FailureOut(allow_null=True)
    frameworks = serializers.ListField(child=serializers.CharField())
    findings = FindingOut(many=True)
    data_points = DataPointOut(many=True)
    insights = serializers.ListField(child=serializers.CharField())
    gaps = GapOut(many=True)


class StrategyOut(StrategySummaryOut):
    error = FailureOut(allow_null=True)
    usage = UsageOut(allow_null=True)
    position = serializers.IntegerField()
    pause_requested = serializers.BooleanField()
    cancel_requested = serializers.BooleanField()
    no_progress_seconds = serializers.FloatField()
    documents = serializers.ListField(child=serializers.DictField())
    estimates = serializers.DictField(child=serializers.FloatField())
    steps = StrategyStepOut(many=True)
    missing = MissingOut(many=True)
    metrics = serializers.DictField(child=serializers.IntegerField())
    document = serializers.CharField(allow_null=True)


class CommandData(serializers.Serializer[Any]):
    command = Choice(COMMANDS)


class CommandIn(serializers.Serializer[Any]):
    """What a client says on the way up: the envelope of the stream, with a command in it."""

    event = Choice(["status"], default="status")
    data = CommandData()  # type: ignore[assignment]
