"""Who is at the terminal."""

import os

from django.contrib.auth.models import User

from runs.terminal.exits import CommandFailed


def find(name: str | None) -> User:
    """Return the user: by --user, by CAIRN_USER, or the only superuser. Raises `CommandFailed`."""
    given = name or os.environ.get("CAIRN_USER", "")
    if given:
        user = User.objects.filter(username=given).first()
        if user is None:
            raise CommandFailed(f"There is no user {given!r}.")
        if not user.is_active:
            raise CommandFailed(f"The user {given!r} is not active.")
        return user
    found = list(User.objects.filter(is_superuser=True, is_active=True)[:2])
    if not found:
        raise CommandFailed("There is no superuser to act as; name somebody with --user NAME.")
    if len(found) > 1:
        raise CommandFailed("Say who you are: --user NAME, or set CAIRN_USER.")
    return found[0]
