"""Shapes of requests and answers, for checking the first and documenting both."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from runs.gates import LONGEST_COMMENT
from runs.models import Gate, Run

LONGEST_DIGEST = 64


class ErrorBody(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]


class ErrorAnswer(serializers.Serializer[Any]):
    error = ErrorBody()


def answers(status: int, good: Any, *wrong: int) -> dict[int, Any]:
    """Return what a view may answer, for the schema: `good`, or one of these errors.

    Whatever the view, 401 and 429 are among them.
    """
    return {status: good, **errors(*wrong)}


def errors(*wrong: int) -> dict[Any, Any]:
    """Return what goes wrong with any view, and these."""
    return dict.fromkeys(sorted({401, 429, *wrong}), ErrorAnswer)


class Choice(serializers.ChoiceField):
    """A choice whose refusal names the choices, not what was sent."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, **options)
        known = ", ".join(map(str, self.choices))
        self.error_messages["invalid_choice"] = f"Must be one of: {known}."


class Text(serializers.CharField):
    """A text; a number is none. White space around it counts for its length."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            raise serializers.ValidationError(
                f"Has {len(data)} characters; at most {self.max_length} are taken."
            )
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number; a text that looks like one is none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, (str, bool)):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false; nothing that only means it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input="This")
        return data


class Id(serializers.UUIDField):
    """A UUID as text; a number is none."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value="This")
        found: UUID = super().to_internal_value(data)
        return found


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


class UsageOut(serializers.Serializer[Any]):
    """What language models were asked for, all steps together."""

    input_tokens = serializers.IntegerField(required=False)
    output_tokens = serializers.IntegerField(required=False)
    requests = serializers.IntegerField(required=False)
    cost_usd = serializers.FloatField(required=False, help_text="Where the price is known.")


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
    usage = UsageOut(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    poll_after_ms = serializers.IntegerField()
    no_progress_seconds = serializers.FloatField()
    stream_url = serializers.CharField()


class AnswerIn(serializers.Serializer[Any]):
    decision = Choice(["approve", "approve_all", "revise", "reject", "adjust", "answer"])
    digest = Text(max_length=LONGEST_DIGEST, help_text="The digest of the payload you saw.")
    comment = Text(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)
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
