"""Memory, and the texts that were read from uploaded files."""

import uuid

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q

from files.models import Upload
from runs.models import Run


class EntityQuerySet(models.QuerySet["Entity"]):
    def visible_to(self, user: User) -> "EntityQuerySet":
        """The user's own, those that runs made which the user may see, or all."""
        if user.has_perm("planning.view_entity"):
            return self
        runs = Run.objects.visible_to(user).values("pk")
        made = Q(plans__run__in=runs) | Q(strategies__run__in=runs)
        return self.filter(Q(created_by=user) | made).distinct()

    def originals(self) -> "EntityQuerySet":
        """Those that people wrote. What a plan or a strategy wrote quotes others: reading it as
        well would count their figures twice.
        """
        return self.filter(plans=None, strategies=None)


class Entity(models.Model):
    """A Markdown memory document. `[[slug]]` in its text links to another one."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="entities"
    )
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unset is not a key
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="planning_entity_one_for_a_key",
            )
        ]
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "entities"

    def __str__(self) -> str:
        return self.title


class EntityLink(models.Model):
    """`[[target]]` in an entity's text. The target need not exist yet."""

    source = models.ForeignKey(Entity, models.CASCADE, related_name="links")
    target = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], name="planning_entitylink_one_for_each_target"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} -> {self.target}"


class Attachment(models.Model):
    """The text that was read from an uploaded file. It has the id of its upload."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.OneToOneField(Upload, models.CASCADE, related_name="attachment")
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id=F("upload")), name="planning_attachment_has_the_id_of_its_upload"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def slug(self) -> str:
        """What citations call it."""
        return self.upload.slug


class ReadText(models.Model):
    """A text as work read it: what its citations point into, whatever happens to the source."""

    name = models.CharField(max_length=120)  # the slug that citations use
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=6)  # entity or file
    entity = models.ForeignKey(Entity, models.SET_NULL, null=True, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    text = models.TextField()

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
