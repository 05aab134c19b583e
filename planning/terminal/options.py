"""The part of the command line of `manage.py cairn` that is about plans, runs and gates."""

from argparse import ArgumentParser
from typing import Any

from runs.terminal.options import manner as _manner
from runs.terminal.options import verb as _verb

DECISIONS = ("approve", "approve_all", "revise", "adjust", "answer", "reject")


def add(verbs: Any) -> None:
    """Add a sub-command for each verb."""
    _plan(_verb(verbs, "plan", "start a plan and follow it"))
    _follow(_verb(verbs, "follow", "follow a run that exists, wherever it is worked on"))
    _branch(_verb(verbs, "branch", "start a new plan from a checkpoint of another"))
    _answer(_verb(verbs, "answer", "show what waits for a decision, and decide it"))
    listed = _verb(verbs, "list", "the plans you may see, the newest first")
    listed.add_argument("--state", help="only those whose run is in this state")
    listed.add_argument("--limit", type=int, default=20)
    _verb(verbs, "inbox", "what waits for a decision, the most urgent first")
    _verb(verbs, "show", "a plan with what it found").add_argument("name", metavar="PLAN")
    _verb(verbs, "memory", "what is in memory, or one entity").add_argument(
        "name", metavar="SLUG", nargs="?"
    )
    for verb in ("cancel", "pause", "resume"):
        _verb(verbs, verb, f"{verb} a run").add_argument("name", metavar="RUN_OR_PLAN")


def _plan(parser: ArgumentParser) -> None:
    parser.add_argument("goal", help="what the plan is to achieve")
    parser.add_argument("--iterations", type=int, default=4, help="from 1 to 20 (default: 4)")
    parser.add_argument(
        "--interval", type=int, default=2, help="iterations between checkpoints (default: 2)"
    )
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="SLUG_OR_ID_OR_PATH",
        help="what to read: memory, an attached file, or a file to attach; may be repeated",
    )
    parser.add_argument("--deadline", type=int, metavar="SECONDS", help="time to decide at a gate")
    parser.add_argument("--four-eyes", action="store_true", help="somebody else must decide")
    parser.add_argument("--engine", "--model", help="the engine or language model that thinks")
    _manner(parser)


def _follow(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="RUN_OR_PLAN", help="an id, its beginning, or 'last'")
    parser.add_argument("--after", type=int, default=0, help="the last position you have seen")
    _manner(parser)


def _branch(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="PLAN")
    parser.add_argument("checkpoint", type=int)
    parser.add_argument("--guidance", default="", help="what the new plan is to do otherwise")
    _manner(parser)


def _answer(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="GATE_OR_RUN")
    parser.add_argument("decision", nargs="?", choices=DECISIONS, help="asked for if left out")
    parser.add_argument("--comment", default="")
    parser.add_argument("--digest", default="", help="refuse unless this is what is asked")
    parser.add_argument("--iterations", type=int, help="with adjust")
    parser.add_argument("--interval", type=int, help="with adjust")
