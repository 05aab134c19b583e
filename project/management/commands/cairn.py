"""Cairn for people who live in a shell."""

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from project import terminal
from runs.terminal.console import SystemConsole
from runs.terminal.logs import quiet


class Command(BaseCommand):
    help = (
        "Start plans and chats about data, follow them live, and decide at their gates. "
        "`cairn -h` lists the verbs, `cairn chat -h` those of chats."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        terminal.add(parser)

    def handle(self, *args: Any, **given: Any) -> None:
        console = SystemConsole(self.stdout, self.stderr, color=not given["no_color"])
        with quiet():
            code = terminal.run(Namespace(**given), console)
        if code:
            raise SystemExit(code)
