import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import get_resolver

from runs import handlers
from runs.conf import run_settings
from streams import database


class Command(BaseCommand):
    """Work on runs, beside any number of web processes and other workers (PostgreSQL only).

    SIGTERM or Ctrl-C: no new work; what ends within --drain seconds is finished, the rest is given
    back and goes on elsewhere. A second one gives back at once.
    """

    help = __doc__ or ""
    requires_system_checks = ()  # the database may be away: that is said here, and better

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--concurrency",
            type=int,
            default=run_settings().concurrency,
            help="runs at once (default: CAIRN_CONCURRENCY, %(default)s)",
        )
        parser.add_argument(
            "--kinds",
            "--queues",
            default="",
            metavar="KIND,...",
            help="kinds of runs to take (default: all); each kind has a queue of its name",
        )
        parser.add_argument(
            "--drain",
            type=float,
            default=15.0,
            metavar="SECONDS",
            help="time to finish in after SIGTERM (default: %(default)s)",
        )
        parser.add_argument("--health-host", default="127.0.0.1")
        parser.add_argument(
            "--health-port",
            type=int,
            default=0,
            help="answer /healthz and /readyz on this port (default: none)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = [kind.strip() for kind in options["kinds"].split(",") if kind.strip()]
        _check_kinds(kinds)
        if options["concurrency"] < 1:
            raise CommandError("--concurrency must be 1 or more.")
        if options["drain"] < 0:
            raise CommandError("--drain must be 0 or more.")
        _check_setting()
        if told := database.trouble():
            raise CommandError(told)
        from runs import working  # noqa: PLC0415 - its queue is there with PostgreSQL only

        # Now, not when the first run links to a page: by then an upgrade may have put other code there.
        get_resolver().url_patterns  # noqa: B018 - reading it imports them
        wishes = working.Wishes(
            concurrency=options["concurrency"],
            kinds=kinds,
            drain_seconds=options["drain"],
            health_host=options["health_host"],
            health_port=options["health_port"],
        )
        try:
            asyncio.run(working.work(wishes))
        except OSError as error:
            raise CommandError(str(error)) from error


def _check_kinds(kinds: list[str]) -> None:
    for kind in kinds:
        if handlers.find(kind).handler is handlers.unknown:
            known = ", ".join(handlers.names())
            raise CommandError(f"--kinds: there is no kind of run {kind!r}; known: {known}.")


def _check_setting() -> None:
    if connection.vendor != "postgresql":
        raise CommandError(
            "Separate workers need PostgreSQL, and this installation uses SQLite: there the serving "
            "process does the work itself (make serve). Set DATABASE_URL=postgres://... for both."
        )
    if run_settings().runner != "distributed":
        raise CommandError(
            f"CAIRN_RUNNER is {run_settings().runner!r}: no tickets are sent to workers. "
            "Unset it, or set it to 'distributed', for the web processes and the workers alike."
        )
