"""Run in a process of its own: make the database and users with sessions, print them as JSON."""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"

import django

django.setup()  # before models can be imported

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

PASSWORD = "three stones, one path"


def sign_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def main(count: int) -> dict[str, object]:
    call_command("migrate", verbosity=0)
    board = Group.objects.create(name="board")
    users = {}
    for number in range(count):
        user = User.objects.create_user(f"ada{number}")
        users[user.username] = sign_in(user)
    grace = User.objects.create_user("grace")
    grace.groups.add(board)
    users["grace"] = sign_in(grace)
    User.objects.create_user("linus", password=PASSWORD)
    return {"users": users, "password": PASSWORD}


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1])), sys.stdout)
