"""Folders to run Cairn in: each a CAIRN_VAR of its own, with a copy of one migrated database."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "e2e" * 13 + "0"  # of the user ada, who starts and approves everything
STRANGER = "out" * 13 + "0"  # of the user eve
_PREPARE = """
import django
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from rest_framework.authtoken.models import Token
call_command("migrate", interactive=False, verbosity=0)
for name, key in (("ada", "{ada}"), ("eve", "{eve}")):
    Token.objects.create(user=User.objects.create_user(name), key=key)
"""


def environment(var: Path, *, database_url: object = "", **more: object) -> dict[str, str]:
    """Return the environment of a process that lives in `var`; keywords are CAIRN_ settings.

    Disks are not what is tested here, so nothing is synced: a killed process loses no page of
    the kernel's.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    settings = {
        "ENGINE": "scripted",
        "RUNNER": "embedded",
        "SQLITE_SYNCHRONOUS": "OFF",
        "RATE_REQUESTS": "",
        "RATE_RUNS": "",
        "LEASE": "0.6",
        "SWEEP": "0.1",
        "BACKOFF": "0.05",
        "SECRET_KEY": "for tests only",
        "STREAMS_PER_USER": "2000",
        **{name.upper(): str(value) for name, value in more.items()},
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "",
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATABASE_URL": str(database_url),
        "CAIRN_VAR": str(var),
        **{f"CAIRN_{name}": value for name, value in settings.items()},
    }


def database(var: Path) -> Path:
    return var / "cairn.sqlite3"


def template(shared: Path) -> Path:
    """Return a migrated database with two users, made once for all that share a folder."""
    ready = shared / "template.sqlite3"
    with (shared / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            var = shared / "template"
            var.mkdir()
            prepare(environment(var))
            shutil.copyfile(database(var), ready)
    return ready


def prepare(environment: dict[str, str]) -> None:
    """Make the tables and the two users in the database of an environment."""
    code = _PREPARE.format(ada=TOKEN, eve=STRANGER)
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, timeout=60)


def furnish(var: Path, template: Path) -> Path:
    """Make a folder with a fresh database in it."""
    var.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, database(var))
    return var
