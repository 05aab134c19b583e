"""Shapes of requests and answers, for checking the first and documenting both."""

from typing import Any

from rest_framework import serializers

from runs.models import Gate, Run

NUMBERED = {"min_value": 0}


class ErrorBody(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]


class ErrorAnswer(serializers.Serializer[Any]):
    error = ErrorBody()


class GateOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    run_id = serializers.UUIDField()
    kind = serializers.ChoiceField(Gate.Kind.choices)
    name = serializers.CharField()
    state = serializers.ChoiceField(Gate.State.choices)
    question = serializers.CharField()
    payload = serializers.DictField()
    digest = serializers.CharField()
    deadline = serializers.DateTimeField()
    on_expiry = serializers.ChoiceField(Gate.Expiry.choices)
    decisions = serializers.ListField(child=serializers.CharField())
    may_answer = serializers.DictField()
    decision = serializers.CharField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)
    via = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class FailureOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class RunOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(Run.State.choices)
    progress = serializers.FloatField()
    step = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField()
    attempts = serializers.IntegerField()
    cancel_requested = serializers.BooleanField()
    pause_requested = serializers.BooleanField()
    pending_gate = GateOut(allow_null=True)
    error = FailureOut(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    poll_after_ms = serializers.IntegerField()
    stream_url = serializers.CharField()


class AnswerIn(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(
        ["approve", "approve_all", "revise", "reject", "adjust", "answer"]
    )
    digest = serializers.CharField(max_length=64, help_text="The digest of the payload you saw.")
    comment = serializers.CharField(required=False, allow_blank=True, default="")
    payload = serializers.DictField(required=False, allow_null=True, default=None)


class ContentOut(serializers.Serializer[Any]):
    message_id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    content = serializers.CharField(allow_blank=True)
    has_more = serializers.BooleanField()
    completed = serializers.BooleanField()


class EventsOut(serializers.Serializer[Any]):
    events = serializers.ListField(child=serializers.DictField())
    position = serializers.IntegerField()
    has_more = serializers.BooleanField()
    state = serializers.CharField()
    poll_after_ms = serializers.IntegerField()
    resume = serializers.ChoiceField(["exact", "snapshot", "gap"])
