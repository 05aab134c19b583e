"""`manage.py cairn`: the verbs of all products, in one command line."""

from argparse import ArgumentParser, Namespace

from chat.terminal import away as chat_away
from chat.terminal import options as chat_options
from chat.terminal import verbs as chat_verbs
from planning.terminal import away as planning_away
from planning.terminal import options as planning_options
from planning.terminal import verbs as planning_verbs
from runs.terminal import away, terminal
from runs.terminal.console import Console
from runs.terminal.exits import HELP

VERBS = {**planning_verbs.VERBS, **chat_verbs.VERBS}
AWAY_VERBS = {**planning_away.VERBS, **chat_away.VERBS}
REFUSALS = (*planning_verbs.REFUSALS, *chat_verbs.REFUSALS)


def add(parser: ArgumentParser) -> None:
    """Add the verbs of each product."""
    parser.epilog = HELP
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    planning_options.add(verbs)
    chat_options.add(verbs)


def run(given: Namespace, console: Console) -> int:
    """Do what was asked, here or where --url says; return the exit code."""
    if away.address(given):
        return away.run(given, console, AWAY_VERBS)
    return terminal.run(given, console, VERBS, REFUSALS)
