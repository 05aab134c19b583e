"""Sessions, their data sets, branches and messages. The text of messages is in the log's chunks."""

import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from chat.conf import chat_settings
from files.models import Upload
from runs.models import Run
from streams.models import Stream


class DataSet(models.Model):
    """Files that were profiled together. An engine makes the same of them, whoever asks.

    `key` is the SHA-256 of the engine, the names and the contents. `model` is `agents.data_model.DataModel` as
    JSON, None until the files were profiled.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    model = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    profiled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where its tables are kept as Parquet."""
        return chat_settings().data_folder / self.key


class ChatSessionQuerySet(models.QuerySet["ChatSession"]):
    def visible_to(self, user: User) -> "ChatSessionQuerySet":
        """The user's own, and those with a run that the user may see."""
        streams = Run.objects.visible_to(user).values("stream")
        return self.filter(Q(created_by=user) | Q(stream__in=streams))


class ChatSession(models.Model):
    """A conversation with its data set, mode and branches. All its runs tell on one stream."""

    class Mode(models.TextChoices):
        PLAN = "plan"  # looks only
        ACT = "act"  # may use tools that change something

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.OneToOneField(Stream, models.PROTECT, related_name="session")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="chat_sessions"
    )
    title = models.CharField(max_length=200)
    mode = models.CharField(max_length=4, choices=Mode, default=Mode.PLAN)
    engine = models.CharField(max_length=40)
    auto_approve = models.JSONField(default=list)  # tools that need not ask in this session
    deadline_seconds = models.PositiveIntegerField(null=True, blank=True)  # None: as installed
    data_set = models.ForeignKey(DataSet, models.PROTECT, related_name="sessions")
    demo = models.CharField(max_length=40, blank=True)  # the demonstration data it began with
    uploads = models.ManyToManyField(Upload, related_name="sessions", blank=True)
    branch = models.ForeignKey(
        "Branch", models.PROTECT, null=True, blank=True, related_name="+"
    )  # the one that is shown and continued
    turns = models.PositiveIntegerField(default=0)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unset is not a key
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)  # when somebody last said something

    objects = ChatSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="chat_session_one_for_a_key",
            )
        ]
        indexes = [models.Index(fields=["created_by", "-updated_at"], name="chat_session_of_user")]
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def active_branch(self) -> "Branch":
        """The branch that is shown and continued; a session has one from its first moment."""
        assert self.branch is not None
        return self.branch

    @property
    def workspace(self) -> Path:
        """The folder that file references cannot leave, and in which tools write."""
        return chat_settings().workspace_folder / str(self.pk)


class Branch(models.Model):
    """One way a conversation went. It has its parent's turns up to `fork_turn`, then its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ChatSession, models.CASCADE, related_name="branches")
    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    fork_turn = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "name"], name="chat_branch_one_for_each_name"
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(parent=None), name="chat_branch_one_root"
            ),
        ]
        ordering = ["created_at", "pk"]
        verbose_name_plural = "branches"

    def __str__(self) -> str:
        return self.name


class MessageQuerySet(models.QuerySet["Message"]):
    def shown(self) -> "MessageQuerySet":
        """All but those whose step started again."""
        return self.exclude(status=Message.Status.SUPERSEDED)


class Message(models.Model):
    """One message of a turn. Its id is that of its chunks.

    `turn` orders a session: what a user says and what is replied have the same number. `parts`
    are those of a reply by their names (`agents.chats`), or what a user's message came with.
    """

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"
        SYSTEM = "system"

    class Status(models.TextChoices):
        STREAMING = "streaming"
        COMPLETE = "complete"
        WAITING = "waiting"  # complete so far; a person has to answer before it goes on
        CANCELLED = "cancelled"
        FAILED = "failed"
        SUPERSEDED = "superseded"  # its step started again; another message has its place

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ChatSession, models.CASCADE, related_name="messages")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="messages")
    turn = models.PositiveIntegerField()
    role = models.CharField(max_length=9, choices=Role)
    status = models.CharField(max_length=10, choices=Status, default=Status.COMPLETE)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="messages")
    step = models.CharField(max_length=100, blank=True)  # of the run, that wrote it
    parts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    memory = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # the engine's own notes
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["session", "turn"], name="chat_message_in_order")]
        ordering = ["turn", "created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.role} {self.turn} of {self.session_id}"


class Answered(models.Model):
    """What a request with an idempotency key was answered. See `chat.answered`."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    answer = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "key"], name="chat_answered_one_for_a_key"
            )
        ]

    def __str__(self) -> str:
        return self.key
