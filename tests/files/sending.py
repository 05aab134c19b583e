"""Files as tests send them, and takers that remember."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from files import actions
from files.exceptions import Refused
from files.models import Upload
from files.takers import Save, Taker


def send(data: bytes, name: str, by: User, **more: Any) -> Upload:
    more.setdefault("size", len(data))
    more.setdefault("content_type", "")
    return actions.keep(BytesIO(data), name=name, by=by, **more)


def on_disk(folder: Path) -> list[Path]:
    """Return the files below a folder."""
    return [one for one in folder.rglob("*") if one.is_file()]


@dataclass
class Journal:
    """Takes everything; remembers contents, and whether a transaction was open."""

    read: list[tuple[bytes, bool]] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)

    def take(self, upload: Upload) -> Save:
        self.read.append((upload.path.read_bytes(), connection.in_atomic_block))
        return lambda: self.saved.append(Upload.objects.get(pk=upload.pk).name)


def refusing(name: str, *suffixes: str, because: str) -> Taker:
    def take(upload: Upload) -> Save | None:
        raise Refused(because, code="corrupt")

    return Taker(name=name, suffixes=suffixes, take=take)


def taking(name: str, *suffixes: str, most: Callable[[], int] = lambda: 2**40) -> Taker:
    """Return a taker that saves nothing."""
    return Taker(name=name, suffixes=suffixes, take=lambda upload: None, max_bytes=most)
