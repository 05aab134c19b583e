"""Files of this machine, kept as uploads; one that was kept before is not kept twice."""

import hashlib
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.contrib.auth.models import User

from files import actions
from files.models import Upload
from runs.terminal.exits import CommandFailed


def kept(names: Sequence[str], by: User) -> list[UUID]:
    """Return the ids of the files. Raises `Refused`, and `CommandFailed` for one not there."""
    return [_keep(Path(name).expanduser(), by) for name in names]


def _keep(path: Path, by: User) -> UUID:
    try:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest()
            known = Upload.objects.filter(created_by=by, sha256=same, name=path.name).first()
            if known is not None:
                return known.pk
            file.seek(0)
            upload = actions.keep(
                file,
                name=path.name,
                content_type=mimetypes.guess_type(path.name)[0] or "",
                size=path.stat().st_size,
                by=by,
            )
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from error
    return upload.pk
