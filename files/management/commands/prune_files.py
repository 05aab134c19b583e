"""Clear away what crashes left of uploads."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from files import actions, storing

LEAST_HOURS = 1  # an upload that is on its way has bytes, and no row yet


class Command(BaseCommand):
    help = (
        "Delete stored files that belong to no upload and are older than --hours: what was on "
        "its way when the server was killed. Uploads themselves stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=float, default=24)
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, hours: float, dry_run: bool, **options: Any) -> None:
        if hours < LEAST_HOURS:
            raise CommandError(f"--hours must be {LEAST_HOURS} or more.")
        found = actions.leftovers(timezone.now() - timedelta(hours=hours))
        if dry_run:
            self.stdout.write(f"{len(found)} files would be deleted.")
            return
        for path in found:
            storing.remove(path)
        self.stdout.write(f"{len(found)} files deleted.")
