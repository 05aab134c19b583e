"""Rows that are made once: one for each key of a user, one for each readable name."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

TRIES = 5
Row = TypeVar("Row", bound=models.Model)


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


def known(model: type[Row], by: User, idempotency_key: str | None) -> Row | None:
    """Return the row that the user made before with this key."""
    if not idempotency_key:
        return None
    rows = model._default_manager.filter(created_by=by, idempotency_key=idempotency_key)
    return rows.first()


def once(model: type[Row], by: User, idempotency_key: str | None, make: Callable[[], Row]) -> Row:
    """Return the row of an earlier call with the same key and user, or make one.

    Two callers may look for a free slug, or come with the same key, at the same time: then the
    database refuses one of them, who looks again.
    """
    for attempt in range(TRIES):
        if found := known(model, by, idempotency_key):
            return found
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")
