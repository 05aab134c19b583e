"""Uploaded files as plain JSON."""

from typing import Any

from files.models import Upload
from runs.shapes import time


def upload(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "slug": upload.slug,
        "name": upload.name,
        "content_type": upload.content_type,
        "size": upload.size,
        "sha256": upload.sha256,
        "uses": upload.uses,
        "created_at": time(upload.created_at),
    }
