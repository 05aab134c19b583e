"""Make an installation ready to serve, in one process: tables, demonstration data, the sign-in."""

import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from project import env
from project.demo import accounts, seed
from runs.conf import run_settings
from runs.terminal.logs import quiet
from streams import database

WORKERS = (
    "Nothing is worked on until there is a worker: run `make worker` in another terminal, "
    "or set CAIRN_RUNNER=embedded."
)


class Command(BaseCommand):
    help = (
        "Apply missing migrations, create the demonstration data in an empty installation "
        "(CAIRN_DEMO=0 leaves them out), and say how to sign in, and whether a worker is needed. "
        "Safe to repeat."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("PORT", "9000")
        parser.add_argument("--port", default=port, help="the port that is printed (default: 9000)")

    def handle(self, *args: Any, port: str, **options: Any) -> None:
        try:
            with quiet():
                self.prepare()
        except DatabaseError as error:
            raise CommandError(f"{database.cause(error)}\n{error}") from error
        self.stdout.write(sign_in(f"http://localhost:{port}/"))
        if run_settings().runner == "distributed":
            self.stdout.write(WORKERS)

    def prepare(self) -> None:
        migrate()
        if env.flag("CAIRN_DEMO", default=True) and seed.is_needed():
            seed.seed()


def migrate() -> None:
    """Apply the migrations that are missing; nothing is done, or said, if there are none."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def sign_in(url: str) -> str:
    """Return how to sign in: with the demonstration's password while that account is there."""
    password = accounts.known_password()
    if password and User.objects.filter(username=accounts.OWNER, is_active=True).exists():
        return f"Sign in at {url} as {accounts.OWNER} / {password}"
    if User.objects.exists():
        return f"Sign in at {url}"
    return "There is no user yet: python manage.py createsuperuser makes the first one."
