"""Shapes of requests and answers of the context dialect."""

from typing import Any

from rest_framework import serializers

from chat.actions import MOST_TOOLS
from chat.api.serializers import LONGEST_BRANCH, MOST_MERGED, BranchOut, MessageOut
from chat.branches import LONGEST_NAME
from chat.conf import LONGEST_MESSAGE
from chat.models import ChatSession
from chat.states import State
from runs.api.serializers import LONGEST_DIGEST, Choice, Flag, GateOut, Id, Text
from runs.gates import LONGEST_COMMENT
from streams.profiles import MODES

LONGEST_CALL = 200  # characters of a tool call's id
MOST_CALLS = 100


class PayloadIn(serializers.Serializer[Any]):
    type = Choice(["text"])
    content = Text(max_length=LONGEST_MESSAGE, trim_whitespace=False)
    display = serializers.JSONField(required=False, allow_null=True)


class ContextMessageIn(serializers.Serializer[Any]):
    """A message: in `payload`, or as `content` with the branch it goes to."""

    payload = PayloadIn(required=False)
    content = Text(required=False, max_length=LONGEST_MESSAGE, trim_whitespace=False)
    branch = Text(required=False, max_length=LONGEST_BRANCH, help_text="An id or a name.")
    client_metadata = serializers.DictField(default=dict, help_text="Kept with the message.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("payload" in attrs) == ("content" in attrs):
            message = "Send the text either as payload.content or as content."
            raise serializers.ValidationError({"content": message})
        return attrs


class AcceptedOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    run_id = serializers.UUIDField()
    status = serializers.ChoiceField(["accepted"])
    position = serializers.IntegerField(help_text="Of the log, before the message's first event.")
    stream_url = serializers.CharField(help_text="The signals from there on.")
    queued_behind = serializers.UUIDField(allow_null=True)


class ContextMessagesOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    branch = serializers.UUIDField()
    position = serializers.IntegerField(help_text="The messages are as of here, or later.")
    messages = MessageOut(many=True)
    has_more = serializers.BooleanField(help_text="There are earlier ones.")


class ContextContentOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    sequence = serializers.IntegerField(help_text="Of the last piece that is included.")
    content = serializers.CharField(allow_blank=True)
    has_more = serializers.BooleanField()
    completed = serializers.BooleanField()


class ChunkOut(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    delta = serializers.CharField(allow_blank=True)


class ChunksOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    chunks = ChunkOut(many=True)
    current_sequence = serializers.IntegerField(help_text="Of the last piece there is so far.")
    has_more = serializers.BooleanField()
    completed = serializers.BooleanField()


class StateOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    current_state = serializers.ChoiceField([(one.value, one.name) for one in State])
    can_send_message = serializers.BooleanField(help_text="False while a person has to answer.")
    pending_tool_approvals = GateOut(many=True)
    pending_questions = GateOut(many=True)
    mode = serializers.ChoiceField(ChatSession.Mode.choices)
    branch = serializers.UUIDField()
    run_id = serializers.UUIDField(allow_null=True, help_text="The run at work.")
    position = serializers.IntegerField()


class ContextForkIn(serializers.Serializer[Any]):
    name = Text(default="", allow_blank=True, max_length=LONGEST_NAME)
    from_message = Id(required=False, allow_null=True, default=None)


class SwitchIn(serializers.Serializer[Any]):
    branch = Text(max_length=LONGEST_BRANCH, help_text="An id or a name.")


class ContextMergeIn(serializers.Serializer[Any]):
    source = Text(max_length=LONGEST_BRANCH, help_text="An id or a name.")  # type: ignore[assignment]
    target = Text(
        required=False,
        max_length=LONGEST_BRANCH,
        help_text="An id or a name; without one, the branch that is shown.",
    )
    messages = serializers.ListField(
        child=Id(), required=False, allow_null=True, default=None, max_length=MOST_MERGED
    )


class ContextBranchesOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    current_branch = serializers.UUIDField()
    branches = BranchOut(many=True)


class ApproveIn(serializers.Serializer[Any]):
    """A decision about tool calls, named by their gate or by all of their ids."""

    gate_id = Id(required=False)
    tool_call_ids = serializers.ListField(
        child=Text(max_length=LONGEST_CALL), required=False, min_length=1, max_length=MOST_CALLS
    )
    approved = Flag()
    always = Flag(default=False, help_text="Let these tools run without asking from now on.")
    reason = Text(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)
    arguments = serializers.DictField(
        child=serializers.DictField(),
        required=False,
        help_text="Changed arguments, by the id of the call.",
    )
    digest = Text(max_length=LONGEST_DIGEST, help_text="The digest of the payload you saw.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("gate_id" in attrs) == ("tool_call_ids" in attrs):
            message = "Name either the gate or the ids of its calls."
            raise serializers.ValidationError({"gate_id": message})
        return attrs


class ConfigIn(serializers.Serializer[Any]):
    mode = Choice(ChatSession.Mode.choices, required=False)
    auto_approve = serializers.ListField(
        child=Text(max_length=60),
        required=False,
        max_length=MOST_TOOLS,
        help_text="Tools that run without asking.",
    )
    stream_mode = Choice(MODES, required=False, help_text="For all of your streams.")


class ConfigOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    mode = serializers.ChoiceField(ChatSession.Mode.choices)
    auto_approve = serializers.ListField(child=serializers.CharField())
    stream_mode = serializers.ChoiceField(MODES)


class CancelIn(serializers.Serializer[Any]):
    run_id = Id(required=False, help_text="Without one, the run at work, or the next one.")


class CancelledOut(serializers.Serializer[Any]):
    context_id = serializers.UUIDField()
    run_id = serializers.UUIDField(allow_null=True, help_text="None if nothing went on.")
    current_state = serializers.ChoiceField([(one.value, one.name) for one in State])
