"""Uploaded files: what was sent, by whom, and what it serves."""

import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> "UploadQuerySet":
        """The user's own. Whoever may see a plan or a chat sees what it tells of its files."""
        return self.filter(created_by=user)


class Upload(models.Model):
    """An uploaded file. Nothing of it changes afterwards.

    An app that uses a file refers to it by a protecting foreign key or many to many: as long as
    such a row exists, the file cannot be deleted. What an app only derived from it cascades.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)  # what people and citations call it
    name = models.CharField(max_length=255)  # what it was called, without path or surprises
    content_type = models.CharField(max_length=100, blank=True)  # as declared: a claim
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField()  # a name of ours; the same for the same bytes of a user
    uses = models.JSONField(default=list)  # the names of those who took it, see `files.takers`
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unset is not a key
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="files_upload_one_for_a_key",
            )
        ]
        indexes = [
            models.Index(fields=["created_by", "sha256"], name="files_upload_same_bytes"),
            models.Index(fields=["created_by", "-created_at"], name="files_upload_of_user"),
        ]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where its bytes are. Read them there; never write."""
        return Path(self.file.path)
