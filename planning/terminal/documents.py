"""What a plan is to read: memory by its slug, files by their id or from this machine's disk."""

import hashlib
import mimetypes
from collections.abc import Sequence
from pathlib import Path

from django.contrib.auth.models import User

from files import actions
from planning.documents import USE
from planning.models import Attachment


def attached(names: Sequence[str], by: User) -> list[str]:
    """Return names that a plan understands; files on disk are attached first.

    A file that the user attached before is not kept twice. Raises `Refused`.
    """
    return [
        _attach(path, by) if (path := Path(name).expanduser()).is_file() else name for name in names
    ]


def _attach(path: Path, by: User) -> str:
    with path.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest()
        known = Attachment.objects.filter(
            upload__created_by=by, upload__sha256=same, upload__name=path.name
        ).first()
        if known is not None:
            return str(known.pk)
        file.seek(0)
        kept = actions.keep(
            file,
            name=path.name,
            content_type=mimetypes.guess_type(path.name)[0] or "",
            size=path.stat().st_size,
            by=by,
            use=USE,
        )
    return str(kept.pk)
