"""What a crash left of an upload is cleared away; nothing else is."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.files.sending import Journal, on_disk, send

pytestmark = pytest.mark.django_db


def prune(**options: object) -> str:
    out = StringIO()
    call_command("prune_files", stdout=out, **options)
    return out.getvalue().strip()


def left(folder: Path, name: str, *, hours: float) -> Path:
    """Make a file that was last written so long ago."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def test_only_what_is_old_and_belongs_to_no_upload_goes(journal: Journal, user: User, folder: Path):
    kept = send(b"all of it", "server.log", user).path
    os.utime(kept, (0, 0))
    crashed = left(folder, "uploads/2025/01/crashed.bin", hours=30)
    arriving = left(folder, "uploads/2025/01/arriving.bin", hours=2)
    foreign = left(folder, "notes/crashed.bin", hours=30)

    assert prune(dry_run=True) == "1 files would be deleted."
    assert crashed.exists()
    assert prune() == "1 files deleted."

    assert sorted(on_disk(folder)) == sorted([kept, arriving, foreign])
    assert prune() == "0 files deleted."


def test_what_may_be_on_its_way_cannot_be_asked_for(folder: Path):
    left(folder, "uploads/2025/01/arriving.bin", hours=0)

    with pytest.raises(CommandError, match="1 or more"):
        prune(hours=0)

    assert len(on_disk(folder)) == 1


def test_an_installation_without_uploads_has_nothing_to_clear(folder: Path):
    assert prune() == "0 files deleted."
