import asyncio
import dataclasses
import json
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from streams.doctor.checks import Finding
from streams.doctor.examination import examine
from streams.doctor.probing import Target
from streams.doctor.views import MOST_SECONDS


class Command(BaseCommand):
    """Look at live streams from the outside, through every proxy, and say what is in their way.

    One line for each check: ok, a note, or a problem with the setting to change. Exit code 1 if
    there is a problem. Needs no database and may run on any machine.
    """

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the address of Cairn, as browsers use it")
        parser.add_argument(
            "--token",
            default=os.environ.get("CAIRN_TOKEN", ""),
            help="the API token of any user (default: the variable CAIRN_TOKEN)",
        )
        parser.add_argument(
            "--idle",
            type=int,
            default=30,
            metavar="SECONDS",
            help=f"how long a silent connection must live, at most {MOST_SECONDS} (default: 30)",
        )
        parser.add_argument(
            "--insecure", action="store_true", help="accept any certificate, to look behind it"
        )
        parser.add_argument("--json", action="store_true", help="tell it to a program")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["idle"] <= MOST_SECONDS:
            raise CommandError(f"--idle must be 1 to {MOST_SECONDS} seconds.")
        try:
            target = Target.of(
                options["url"], options["token"], is_verified=not options["insecure"]
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        found = asyncio.run(self._look(target, options["idle"], as_json=options["json"]))
        is_well = all(one.level != "problem" for one in found)
        if options["json"]:
            told = [dataclasses.asdict(one) for one in found]
            self.stdout.write(json.dumps({"url": options["url"], "ok": is_well, "checks": told}))
        if not is_well:
            sys.exit(1)

    async def _look(self, target: Target, idle: int, *, as_json: bool) -> list[Finding]:
        found = []
        async for one in examine(target, idle_seconds=idle):
            found.append(one)
            if not as_json:
                self._tell(one)
        return found

    def _tell(self, one: Finding) -> None:
        style = self.style.ERROR if one.level == "problem" else str
        self.stdout.write(style(f"{one.level:8}{one.check}: {one.text}"))
        if one.change:
            self.stdout.write(f"        -> {one.change}")
        self.stdout.flush()
