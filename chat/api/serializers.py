"""Shapes of requests and answers about sessions, messages and branches."""

from typing import Any

from rest_framework import serializers

from chat.branches import LONGEST_NAME
from chat.conf import LONGEST_MESSAGE, LONGEST_TITLE, MOST_FILES
from chat.models import ChatSession, Message
from chat.states import State
from runs.api.serializers import Choice, FailureOut, GateOut, Id, RunOut, Text, UsageOut

LONGEST_DEMO = 40
LONGEST_ENGINE = 200  # more than any has: the answer then names those that there are
MOST_MERGED = 500
LONGEST_BRANCH = 100  # a branch's id or name


def file_ids(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=Id(), max_length=MOST_FILES, help_text="Ids of uploaded files.", **options
    )


class SessionIn(serializers.Serializer[Any]):
    """What a chat is to be like; without files it is about demonstration data."""

    title = Text(default="", allow_blank=True, max_length=LONGEST_TITLE)
    files = file_ids(default=list)
    demo = Text(
        default="",
        allow_blank=True,
        max_length=LONGEST_DEMO,
        help_text="The name of demonstration data; see sessions/demos/.",
    )
    mode = Choice(ChatSession.Mode.choices, default=ChatSession.Mode.PLAN)
    engine = Text(
        default="",
        allow_blank=True,
        max_length=LONGEST_ENGINE,
        help_text="The engine or language model that answers; without one, the installation's.",
    )


class SessionPatch(serializers.Serializer[Any]):
    title = Text(required=False, max_length=LONGEST_TITLE)
    mode = Choice(ChatSession.Mode.choices, required=False)
    branch = Text(required=False, max_length=LONGEST_BRANCH, help_text="An id or a name.")


class MessageIn(serializers.Serializer[Any]):
    text = Text(
        max_length=LONGEST_MESSAGE,
        trim_whitespace=False,
        help_text="A question; @name refers to a file of the session.",
    )
    branch = Text(required=False, max_length=LONGEST_BRANCH, help_text="An id or a name.")
    files = file_ids(default=list)
    metadata = serializers.DictField(default=dict, help_text="Kept with the message.")


class EditIn(serializers.Serializer[Any]):
    text = Text(max_length=LONGEST_MESSAGE, trim_whitespace=False)


class ForkIn(serializers.Serializer[Any]):
    from_message = Id(
        required=False,
        allow_null=True,
        default=None,
        help_text="The last message the branch has; without one, all of the branch that is shown.",
    )
    name = Text(default="", allow_blank=True, max_length=LONGEST_NAME)


class MergeIn(serializers.Serializer[Any]):
    source = Text(max_length=LONGEST_BRANCH, help_text="An id or a name.")  # type: ignore[assignment]
    target = Text(max_length=LONGEST_BRANCH, help_text="An id or a name.")
    messages = serializers.ListField(
        child=Id(),
        required=False,
        allow_null=True,
        default=None,
        max_length=MOST_MERGED,
        help_text="Only the turns of these messages; without any list, all that are new.",
    )


class WorkflowIn(serializers.Serializer[Any]):
    workflow = Text(max_length=100)
    parameters = serializers.DictField(default=dict)


class PostedOut(serializers.Serializer[Any]):
    message_id = serializers.UUIDField()
    run_id = serializers.UUIDField()
    stream_url = serializers.CharField(help_text="The events of this run alone.")
    turn = serializers.IntegerField()
    branch = serializers.UUIDField()
    queued_behind = serializers.UUIDField(
        allow_null=True, help_text="The run that had to end before this one begins."
    )


class CountsOut(serializers.Serializer[Any]):
    tables = serializers.IntegerField()
    columns = serializers.IntegerField()
    rows = serializers.IntegerField()
    relationships = serializers.IntegerField()
    issues = serializers.IntegerField()


class DataSetOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    demo = serializers.CharField(allow_null=True)
    files = serializers.ListField(child=serializers.CharField())
    is_ready = serializers.BooleanField()
    summary = serializers.CharField(allow_blank=True)
    quality = serializers.FloatField(allow_null=True)
    suggestions = serializers.ListField(child=serializers.CharField())
    counts = CountsOut(allow_null=True, help_text="How much there is of what, once profiled.")


class BranchOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    fork_turn = serializers.IntegerField()
    is_active = serializers.BooleanField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class BranchesOut(serializers.Serializer[Any]):
    branches = BranchOut(many=True)


class MergedOut(serializers.Serializer[Any]):
    turns = serializers.IntegerField(help_text="How many turns were added.")
    target = serializers.UUIDField()


class SessionSummaryOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    mode = serializers.ChoiceField(ChatSession.Mode.choices)
    state = serializers.ChoiceField([(one.value, one.name) for one in State])
    turns = serializers.IntegerField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SessionOut(SessionSummaryOut):
    engine = serializers.CharField()
    auto_approve = serializers.ListField(child=serializers.CharField())
    data_set = DataSetOut()
    branch = serializers.UUIDField()
    branches = BranchOut(many=True)
    usage = UsageOut(allow_null=True)
    pending_gates = GateOut(many=True)
    run_id = serializers.UUIDField(help_text="The newest run.")
    position = serializers.IntegerField()
    stream_url = serializers.CharField(help_text="All events of the session.")
    model_url = serializers.CharField()


class MessageOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(Message.Role.choices)
    turn = serializers.IntegerField()
    branch = serializers.UUIDField()
    status = serializers.ChoiceField(Message.Status.choices)
    text = serializers.CharField(allow_blank=True)
    sequence = serializers.IntegerField(help_text="The number of its last piece of text.")
    run_id = serializers.UUIDField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    parts = serializers.DictField(help_text="What a reply was made of, or a message came with.")
    created_at = serializers.DateTimeField()
    error = FailureOut(allow_null=True, help_text="Why its run failed.")


class LastErrorOut(FailureOut):
    run_id = serializers.UUIDField()
    kind = serializers.CharField()


class SnapshotOut(SessionOut):
    messages = MessageOut(many=True)
    runs = RunOut(many=True, help_text="Those that have not ended.")
    gates = GateOut(many=True)
    error = LastErrorOut(allow_null=True, help_text="Why the run that ended last failed.")


class ReferencesOut(serializers.Serializer[Any]):
    references = serializers.ListField(
        child=serializers.CharField(), help_text="Paths; those of folders end with a slash."
    )


class DemoOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField())


class DemosOut(serializers.Serializer[Any]):
    demos = DemoOut(many=True)
