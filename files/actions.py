"""What people do with files: keep one, delete one."""

import unicodedata
from datetime import datetime
from functools import partial
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError, Sum
from django.utils import timezone

from files import storing, takers
from files.conf import file_settings
from files.exceptions import InUse, Refused
from files.models import Upload
from runs.once import free_slug, known, once
from streams.events import storable

FOLDER = "uploads"
LONGEST_NAME = 200  # bytes; file systems take 255


def safe_name(name: str) -> str:
    """Return a file's name without path, control characters or surprises, short enough to use."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(". ")
    return name.encode()[-LONGEST_NAME:].decode(errors="ignore").lstrip(". ") or "file"


def keep(
    file: storing.Readable,
    *,
    name: str,
    content_type: str,
    size: int,
    by: User,
    idempotency_key: str | None = None,
    use: str = "",
) -> Upload:
    """Keep an uploaded file that at least one taker takes; with `use`, that one must take it.

    `size` is what the sender claims: enough to refuse a file before it is read, never trusted.
    The same key and user give the file of the first call. Raises `Refused` with the reason.
    """
    if found := known(Upload, by, idempotency_key):
        return found
    upload = Upload(
        name=safe_name(name),
        content_type=storable(content_type)[:100],
        created_by=by,
        idempotency_key=idempotency_key or None,
    )
    asked = takers.accepting(upload.name, upload.content_type, use)
    most = max(one.most for one in asked)
    _check_size(upload.name, size, most, by)
    upload.file.name = f"{FOLDER}/{timezone.now():%Y/%m}/{upload.pk}.bin"
    own = upload.path
    try:
        stored = storing.store(file, own, most=min(most, _room(by)))
    except storing.TooMuch as error:
        _check_size(upload.name, error.size, most, by)
        raise
    upload.size, upload.sha256 = stored.size, stored.sha256
    with storing.removed_on_error(own):
        saves = _offered(upload, asked, use)
        kept = once(Upload, by, idempotency_key, partial(_save, upload, upload.file.name, saves))
    if kept.path != own:
        storing.remove(own)  # the same bytes, or the same request, came before
    return kept


def _check_size(name: str, size: int, most: int, by: User) -> None:
    if size > most:
        raise takers.too_large(name, size, most)
    if size > _room(by):
        raise Refused("Your files are full; delete some first.", code="quota")


def _room(by: User) -> int:
    """Return how many bytes more the user may keep. The same bytes twice count twice."""
    used = Upload.objects.filter(created_by=by).aggregate(sum=Sum("size"))["sum"] or 0
    return max(0, file_settings().max_bytes_per_user - used)


def _offered(upload: Upload, asked: list[takers.Taker], use: str) -> dict[str, takers.Save | None]:
    found = takers.offer(upload, asked)
    if use in found.refusals:
        raise found.refusals[use]
    if not found.saves:
        raise next(iter(found.refusals.values()))
    return found.saves


def _save(upload: Upload, stored: str, saves: dict[str, takers.Save | None]) -> Upload:
    # One at a time for each user: two uploads together may not exceed what one may.
    User.objects.select_for_update().get(pk=upload.created_by_id)
    _check_size(upload.name, upload.size, upload.size, upload.created_by)
    twin = _twin(upload)
    upload.file.name = twin.file.name if twin else stored
    upload.uses = list(saves)
    upload.slug = free_slug(Upload, upload.name.rsplit(".", 1)[0], fallback="file")
    upload.save(force_insert=True)
    for save in saves.values():
        if save is not None:
            save()
    return upload


def _twin(upload: Upload) -> Upload | None:
    """Return a file of the same user with the same bytes, and hold it until the transaction ends."""
    same = Upload.objects.select_for_update().filter(
        created_by=upload.created_by_id, sha256=upload.sha256, size=upload.size
    )
    return next((one for one in same if one.path.exists()), None)


def delete(upload: Upload) -> None:
    """Delete a file and what was derived from it, unless something uses it. Raises `InUse`."""
    try:
        with transaction.atomic():
            # Whoever begins to use it now waits, and then finds that it is gone.
            held = Upload.objects.select_for_update().filter(pk=upload.pk).first()
            if held is not None:
                _delete(held)
    except (ProtectedError, RestrictedError, IntegrityError) as error:
        raise _in_use(upload) from error


def _delete(upload: Upload) -> None:
    for relation in Upload._meta.related_objects:
        accessor = relation.get_accessor_name() if relation.many_to_many else None
        if accessor and getattr(upload, accessor).exists():
            raise _in_use(upload)
    name, path = upload.file.name, upload.path
    upload.delete()
    same = Upload.objects.filter(created_by=upload.created_by_id, sha256=upload.sha256, file=name)
    if not same.exists():
        transaction.on_commit(partial(storing.remove, path))


def _in_use(upload: Upload) -> InUse:
    return InUse(f"{upload.name} is used by a plan or a chat, so it is kept.")


def leftovers(before: datetime) -> list[Path]:
    """Return stored files that no row names: of uploads that a crash cut off before a time.

    Choose a time long enough ago that no upload of then can still be on its way.
    """
    root = Path(default_storage.path(""))
    stored = storing.untouched(root / FOLDER, since=before.timestamp())
    named = set(Upload.objects.values_list("file", flat=True))
    return [one for one in stored if one.relative_to(root).as_posix() not in named]
