"""Options that many verbs take."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from runs.terminal.exits import HELP


def verb(verbs: Any, name: str, told: str) -> ArgumentParser:
    """Add a verb to a command line, with who you are and how it answers."""
    parser: ArgumentParser = verbs.add_parser(
        name,
        help=told,
        description=told.capitalize() + ".",
        epilog=HELP,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--user", help="who you are (else CAIRN_USER, else the only superuser)")
    parser.add_argument("--url", help="where Cairn is (else CAIRN_URL, else here)")
    parser.add_argument("--token", help="with --url: who you are (better: CAIRN_TOKEN)")
    parser.add_argument("--json", action="store_true", help="write JSON for programs")
    return parser


def manner(parser: ArgumentParser) -> None:
    """Add how to behave at gates."""
    parser.add_argument("--yes", action="store_true", help="approve every gate without asking")
    parser.add_argument(
        "--no-input", action="store_true", help="ask nothing: exit with 3 when a gate waits"
    )
