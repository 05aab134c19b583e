"""Clear away the events of streams that ended long ago."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from streams import log
from streams.conf import stream_settings


class Command(BaseCommand):
    help = (
        "Delete the events of streams that ended more than --days ago. Each keeps its last event; "
        "message text, runs, plans and decisions stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=float, default=stream_settings().retain_days)
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, days: float, dry_run: bool, **options: Any) -> None:
        if days < 0:
            raise CommandError("--days must be 0 or more.")
        streams = log.closed_before(timezone.now() - timedelta(days=days))
        if dry_run:
            self.stdout.write(f"{len(streams)} streams would be pruned.")
            return
        gone = sum(log.trim(stream, keep_from=2**62) for stream in streams)
        self.stdout.write(f"{gone} events of {len(streams)} streams deleted.")
