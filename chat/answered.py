"""Requests that are done once: the same key and user get the first answer again."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from chat.models import Answered

Answer = dict[str, Any]


def once(by: User, key: str | None, do: Callable[[], Answer]) -> Answer:
    """Return what `do` returns, or what it returned for the user's earlier call with this key.

    Whoever comes second waits until the first has committed: the row of the key is written
    before anything is done. What fails leaves none.
    """
    if not key:
        return do()
    with transaction.atomic():
        row, is_new = Answered.objects.get_or_create(created_by=by, key=key)
        if is_new:
            row.answer = do()
            row.save(update_fields=["answer"])
    return dict(row.answer)
