"""The part of the command line of `manage.py cairn` that is about chats."""

from argparse import ArgumentParser
from typing import Any

from runs.terminal.options import manner, verb

SESSION = "an id, its beginning, or 'last'"


def add(verbs: Any) -> None:
    """Add `chat` with a word for each thing to do."""
    chat = verbs.add_parser(
        "chat",
        help="ask questions about data, and watch the answers come",
        description="Ask questions about data, and watch the answers come.",
    )
    words = chat.add_subparsers(dest="word", metavar="WORD", required=True)
    _new(verb(words, "new", "start a chat about files or demonstration data, and ask"))
    _open(verb(words, "open", "go on with a chat: type questions, read answers"))
    _ask(verb(words, "ask", "ask one question and show the answer"))
    _follow(verb(words, "follow", "watch all that happens in a chat, whoever does it"))
    listed = verb(words, "list", "the chats you may see, the last used first")
    listed.add_argument("--search", default="", help="words of a title or a question")
    listed.add_argument("--limit", type=int, default=20)
    _show(verb(words, "show", "a chat with what was said, or a part of it"))


def _new(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="data to ask about: CSV, Excel, JSON, Parquet, SQLite; and texts to refer to",
    )
    parser.add_argument("--demo", default="", help="demonstration data: penguins or weather")
    parser.add_argument("--title", default="")
    parser.add_argument("--act", action="store_true", help="let tools write files, after approval")
    parser.add_argument(
        "--engine", "--model", default="", help="the engine or language model that answers"
    )
    parser.add_argument(
        "--ask",
        action="append",
        default=[],
        metavar="QUESTION",
        help="ask this instead of reading questions from the terminal; may be repeated",
    )
    manner(parser)


def _open(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="SESSION", help=SESSION)
    manner(parser)


def _ask(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="SESSION", help=SESSION)
    parser.add_argument("question")
    parser.add_argument("--branch", help="the branch to ask on, by its name or id")
    parser.add_argument(
        "--file", action="append", default=[], metavar="FILE", help="a file to refer to with @"
    )
    manner(parser)


def _follow(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="SESSION", help=SESSION)
    parser.add_argument("--after", type=int, default=0, help="the last position you have seen")
    manner(parser)


def _show(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="SESSION", help=SESSION)
    parser.add_argument("--branch", help="a branch, by its name or id")
    parser.add_argument("--model", action="store_true", help="the data model, as YAML")
