"""Somebody at a console, and what they asked for."""

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User

from runs.exceptions import RunError
from runs.models import Run
from runs.terminal import exits, people, products
from runs.terminal.console import Console
from runs.terminal.desk import Desk, OwnDesk
from runs.terminal.exits import CommandFailed
from runs.terminal.following import Follower, Manner
from runs.terminal.screen import JsonScreen, TextScreen
from runs.terminal.watching import Watcher


class Seat:
    """A console, what was asked for at it, and where decisions are handed in."""

    def __init__(self, given: Namespace, console: Console, desk: Desk) -> None:
        self.given = given
        self.console = console
        self.desk = desk
        self.screen: TextScreen | JsonScreen = (
            JsonScreen(console) if given.json else TextScreen(console)
        )

    def dump(self, data: Any) -> int:
        self.console.write(f"{json.dumps(data, indent=2, ensure_ascii=False)}\n")
        return exits.OK

    @property
    def manner(self) -> Manner:
        asks = not (self.given.no_input or self.given.json) and self.console.can_ask
        return Manner(approves=self.given.yes, asks=asks)


class Terminal(Seat):
    """Somebody at a console, who is a user of this database."""

    def __init__(self, given: Namespace, console: Console) -> None:
        self.user: User = people.find(given.user)
        super().__init__(given, console, OwnDesk(self.user))

    def follow(self, run: Run, *, after: int = 0) -> int:
        """Follow a run in the words of its product; return the exit code."""
        product = products.of(run)
        self.screen.table = product.table
        watcher = Watcher(self.screen, run.stream_id, run=run, after=after)
        return Follower(self, watcher, product.subject(self, run)).follow()


Verb = Callable[[Terminal], int]


def run(
    given: Namespace,
    console: Console,
    verbs: Mapping[str, Verb],
    refusals: tuple[type[Exception], ...],
) -> int:
    """Do what was asked; say what is wrong with it in one line. `refusals` are wrong usage."""
    try:
        return verbs[given.verb](Terminal(given, console))
    except CommandFailed as error:
        console.complain(str(error))
        return error.code
    except refusals as error:
        console.complain(str(error))
        return exits.USAGE
    except RunError as error:
        console.complain(str(error))
        return exits.UNSUCCESSFUL
