"""Uploaded files as documents: the text that plans read and cite."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile

from agents import reading
from files import actions, takers
from files.models import Upload
from files.takers import Save, Taker
from planning.conf import planning_settings
from planning.models import Attachment
from streams.events import storable

USE = "document"


def take(upload: Upload) -> Save:
    """Read the text of a file. Raises `Unreadable`."""
    data = upload.path.read_bytes()  # no more than the taker's own limit
    text = storable(reading.read(data, upload.name, upload.content_type))

    def save() -> None:
        Attachment.objects.create(pk=upload.pk, upload=upload, text=text)

    return save


def keep(file: UploadedFile[Any], *, by: User) -> Upload:
    """Keep a file of a form for a plan to read. Raises `Refused`."""
    return actions.keep(
        file,
        name=file.name or "file",
        content_type=file.content_type or "",
        size=file.size or 0,
        by=by,
        use=USE,
    )


def is_kept(by: User, name: str) -> bool:
    """Whether the user has a file of this id or slug, document or not."""
    own = Upload.objects.visible_to(by)
    try:
        return own.filter(pk=UUID(name)).exists()
    except ValueError:
        return own.filter(slug=name).exists()


def connect() -> None:
    takers.register(
        Taker(
            name=USE,
            suffixes=tuple(reading.TYPES),
            content_types=frozenset(reading.DECLARED),
            max_bytes=lambda: planning_settings().max_upload_bytes,
            take=take,
        )
    )
