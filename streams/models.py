"""The rows of the log. Only `streams.log` writes them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Stream(models.Model):
    """An ordered log. Its events have the positions 1, 2, 3 ... without holes.

    A stream belongs to one run, or to a session and all its runs, one after the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_id = models.UUIDField(null=True, blank=True)  # told in each of its events
    first_position = models.PositiveBigIntegerField(default=1)  # the earliest event still kept
    last_position = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_position__lte=F("last_position") + 1),
                name="streams_stream_first_not_after_last",
            )
        ]
        indexes = [
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="streams_stream_closed",
            )
        ]

    def __str__(self) -> str:
        return f"stream {self.id} at {self.last_position}"


class StreamEvent(models.Model):
    """One fact. `body` is the canonical event as JSON text, written once and sent as it is."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="events", db_index=False)
    position = models.PositiveBigIntegerField()
    type = models.CharField(max_length=64)
    run_id = models.UUIDField(null=True, blank=True)  # whose event it is, if a run's
    body = models.TextField()
    message_id = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    is_last = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "position"], name="streams_event_one_for_each_position"
            ),
            models.CheckConstraint(
                condition=Q(message_id__isnull=True, sequence__isnull=True)
                | Q(message_id__isnull=False, sequence__isnull=False),
                name="streams_event_message_has_sequence",
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.type}"


class MessageChunk(models.Model):
    """A piece of a message's text. Chunks 1, 2, 3 ... joined are the text."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="chunks", db_index=False)
    message_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    text = models.TextField()
    is_last = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "sequence"], name="streams_chunk_one_for_each_sequence"
            )
        ]
        ordering = ["message_id", "sequence"]

    def __str__(self) -> str:
        return f"{self.message_id} {self.sequence}"


class Preference(models.Model):
    """How a user wants streams, where a request does not say."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="stream_preference"
    )
    mode = models.CharField(max_length=8, choices=[("inline", "inline"), ("signal", "signal")])

    def __str__(self) -> str:
        return f"{self.mode} for {self.user_id}"
