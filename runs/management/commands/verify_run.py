import dataclasses
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from runs import verifying
from runs.models import Run
from runs.terminal import naming
from runs.terminal.exits import CommandFailed


class Command(BaseCommand):
    """Check that runs are what their logs say, and that no decision was altered by hand.

    Positions without holes, text without holes, one owner at a time, each step once, one decision
    for each gate, digests, states, and the chain of seals. Reads only, and holds nobody up.
    Exit code 1 if anything is wrong.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", nargs="?", help="the run's id, or its beginning")
        parser.add_argument("--all", action="store_true", help="every run there is")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["run"]) == options["all"]:
            raise CommandError("Name a run, or give --all.")
        looked = broken = 0
        for report in _reports(_all() if options["all"] else [_named(options["run"])]):
            looked += 1
            broken += bool(report.faults)
            self._tell(report, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(f"{looked} runs looked at, {broken} with faults.")
        if broken:
            sys.exit(1)

    def _tell(self, report: verifying.Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(dataclasses.asdict(report), default=str))
            return
        seal = f", seal {report.seal}" if report.seal else ""
        self.stdout.write(
            f"{'FAULTY' if report.faults else 'ok':6} {report.run_id} {report.kind} {report.state}: "
            f"{report.events} events, {report.decisions} decisions{seal}"
        )
        for fault in report.faults:
            self.stdout.write(f"       {fault}")
        for note in report.notes:
            self.stdout.write(f"       (note: {note})")


def _all() -> Iterator[UUID]:
    """Yield every run, the oldest first; not as one long query, which would hold a snapshot."""
    yield from list(Run.objects.order_by("created_at", "pk").values_list("pk", flat=True))


def _named(name: str) -> UUID:
    try:
        found = Run.objects.filter(pk__startswith=naming.key(name))
        return naming.one(found, name, "run").pk
    except CommandFailed as error:
        raise CommandError(str(error)) from error


def _reports(runs: Iterable[UUID]) -> Iterator[verifying.Report]:
    for run_id in runs:
        try:
            yield verifying.verify(run_id)
        except Run.DoesNotExist:
            continue  # deleted since
