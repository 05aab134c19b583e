"""The two people of the demonstration, and the password they sign in with."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction

OWNER = "demo"
REVIEWER = "reviewer"
REVIEWERS = "Reviewers"
APPS = ("runs", "planning", "chat", "streams")  # what reviewers may look at in the admin
# No letter or digit that looks like another one: people type this from a terminal.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def password_file() -> Path:
    return Path(settings.VAR_DIR) / "demo_password"


def known_password() -> str | None:
    """Return the password that was made for this installation, if there is one."""
    try:
        return password_file().read_text().strip() or None
    except FileNotFoundError:
        return None


def password() -> str:
    """Return the password, made on the first call.

    Two processes that start at once agree on it, because only one can create the file.
    """
    if (known := known_password()) is not None:
        return known
    path = password_file()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text("-".join(_word() for _ in range(3)))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def _word() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(4))


def create() -> tuple[User, Group]:
    """Return the owner and the reviewers' group, made if they are new.

    Both people have the same password: it belongs to this installation and to nothing else.
    """
    group, _ = Group.objects.get_or_create(name=REVIEWERS)
    owner = User.objects.filter(username=OWNER).first()
    if owner is None or not User.objects.filter(username=REVIEWER).exists():
        owner = _create_people(group, make_password(password()))
    return owner, group


@transaction.atomic
def _create_people(group: Group, encoded: str) -> User:
    owner, _ = User.objects.get_or_create(
        username=OWNER,
        defaults={
            "first_name": "Demo",
            "password": encoded,
            "is_staff": True,
            "is_superuser": True,
        },
    )
    reviewer, is_new = User.objects.get_or_create(
        username=REVIEWER,
        defaults={"first_name": "Reviewer", "password": encoded, "is_staff": True},
    )
    if is_new:
        reviewer.groups.add(group)
        views = Permission.objects.filter(
            content_type__app_label__in=APPS, codename__startswith="view"
        )
        group.permissions.set([*views, Permission.objects.get(codename="answer_gate")])
    return owner
