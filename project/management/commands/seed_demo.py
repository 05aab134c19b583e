"""Create the demonstration data."""

from typing import Any

from django.core.management.base import BaseCommand

from project.demo import accounts, seed
from runs.terminal.logs import quiet


class Command(BaseCommand):
    help = (
        "Create the demonstration data: the users demo and reviewer, three documents, a finished "
        "plan and one that waits at a checkpoint, and a chat about penguins. Safe to repeat."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        with quiet():
            seed.seed()
        password = accounts.known_password()
        known = f" / {password}" if password else ""
        self.stdout.write(f"The demonstration data are there. Sign in as {accounts.OWNER}{known}")
