"""Memory: Markdown entities with links, and uploaded files with their text."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import Sum
from django.utils.text import slugify

from agents import reading
from agents.reading import Unreadable
from planning.conf import planning_settings
from planning.exceptions import InvalidInput
from planning.models import Attachment, Entity, EntityLink
from streams.events import storable

LINK = re.compile(r"\[\[([^\[\]|\n]{1,120})(?:\|[^\[\]\n]{0,200})?\]\]")
LONGEST_TITLE = 200
LONGEST_BODY = 1_000_000
READABLE = (".md", ".markdown", ".txt", ".csv", ".pdf")
TRIES = 5
Saved = TypeVar("Saved", Entity, Attachment)


class Refused(InvalidInput):
    """A file that cannot be used; `status` is the HTTP status that says so best."""

    def __init__(self, message: str, *, code: str, status: int) -> None:
        super().__init__({"file": message})
        self.code = code
        self.status = status


def free_slug(model: type[models.Model], title: str, *, fallback: str) -> str:
    """Return a slug made of a title that no row of the model has yet."""
    base = slugify(title)[:100].strip("-") or fallback
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def linked(body: str) -> list[str]:
    """Return the slugs a text links to, each once, in order."""
    slugs = (slugify(match)[:120] for match in LINK.findall(body))
    return list(dict.fromkeys(slug for slug in slugs if slug))


def _once(
    model: type[Saved], by: User, idempotency_key: str | None, make: Callable[[], Saved]
) -> Saved:
    """Return the row of an earlier call with the same key and user, or make one.

    Two callers may look for a free slug, or come with the same key, at the same time: then the
    database refuses one of them, who looks again.
    """
    for attempt in range(TRIES):
        if known := _known(model, by, idempotency_key):
            return known
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _known(model: type[Saved], by: User, idempotency_key: str | None) -> Saved | None:
    if not idempotency_key:
        return None
    rows = model._default_manager.filter(created_by=by, idempotency_key=idempotency_key)
    return rows.first()


def save_entity(*, title: str, body: str, by: User, idempotency_key: str | None = None) -> Entity:
    """Write a new entity and its links. Raises `InvalidInput`.

    The same key and user give the entity of the first call.
    """
    title, body = " ".join(title.split()), body.strip()
    _check_entity(title, body)

    def make() -> Entity:
        entity = Entity.objects.create(
            slug=free_slug(Entity, title, fallback="entity"),
            title=title,
            body=body,
            created_by=by,
            idempotency_key=idempotency_key or None,
        )
        EntityLink.objects.bulk_create(
            EntityLink(source=entity, target=target) for target in linked(body)
        )
        return entity

    return _once(Entity, by, idempotency_key, make)


def _check_entity(title: str, body: str) -> None:
    fields = {}
    if not title:
        fields["title"] = "title must not be empty."
    elif len(title) > LONGEST_TITLE:
        fields["title"] = f"title has {len(title)} characters; at most {LONGEST_TITLE} fit."
    if not body:
        fields["body"] = "body must not be empty."
    elif len(body) > LONGEST_BODY:
        fields["body"] = f"body has {len(body)} characters; at most {LONGEST_BODY} fit."
    for name, value in (("title", title), ("body", body)):
        if storable(value) != value:
            fields[name] = f"{name} must not hold NUL or broken characters."
    if fields:
        raise InvalidInput(fields)


def safe_name(name: str) -> str:
    """Return a file's name without path, control characters or surprises."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(". ")
    return name[-200:] or "file"


def attach(
    file: BinaryIO,
    *,
    name: str,
    content_type: str,
    size: int,
    by: User,
    idempotency_key: str | None = None,
) -> Attachment:
    """Keep an uploaded file and the text in it. Raises `Refused` with the reason.

    The same key and user give the file of the first call.
    """
    if known := _known(Attachment, by, idempotency_key):
        return known
    limits = planning_settings()
    if size > limits.max_upload_bytes:
        raise Refused(
            f"The file has {size} bytes; at most {limits.max_upload_bytes} are taken. Split it.",
            code="too_large",
            status=413,
        )
    used = Attachment.objects.filter(created_by=by).aggregate(sum=Sum("size"))["sum"] or 0
    if used + size > limits.max_uploads_bytes_per_user:
        raise Refused("Your files are full; delete some first.", code="quota", status=413)
    data = file.read(limits.max_upload_bytes + 1)
    name = safe_name(name)
    try:
        text = reading.read(data, name, content_type)
    except Unreadable as error:
        status = {"too_large": 413, "unsupported_type": 415, "type_mismatch": 415}
        raise Refused(str(error), code=error.code, status=status.get(error.code, 400)) from error

    def make() -> Attachment:
        return _keep(data, text, name=name, content_type=content_type, by=by, key=idempotency_key)

    return _once(Attachment, by, idempotency_key, make)


def _keep(
    data: bytes, text: str, *, name: str, content_type: str, by: User, key: str | None
) -> Attachment:
    attachment = Attachment(
        slug=free_slug(Attachment, name.rsplit(".", 1)[0], fallback="file"),
        name=name,
        content_type=storable(content_type)[:100],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        text=storable(text),
        created_by=by,
        idempotency_key=key or None,
    )
    # The stored name is ours: a hostile one never reaches the file system.
    attachment.file.save(f"{attachment.pk}.bin", ContentFile(data), save=False)
    try:
        attachment.save(force_insert=True)
    except IntegrityError:
        attachment.file.delete(save=False)
        raise
    return attachment
