"""A console made of lists, and the client at it."""

from argparse import Namespace
from collections.abc import Callable

from django.core.management.base import CommandParser

from project import terminal

Answer = str | BaseException | Callable[[], str]


class FakeConsole:
    """Gives prepared answers; after the last one its input is at an end."""

    def __init__(self, *answers: Answer, is_terminal: bool = False) -> None:
        self.is_terminal = self.has_color = self.has_emoji = is_terminal
        self.can_ask = True
        self.output = self.complaints = ""
        self._answers = list(answers)

    def write(self, text: str) -> None:
        self.output += text

    def complain(self, message: str) -> None:
        self.complaints += f"{message}\n"

    def ask(self, prompt: str) -> str:
        self.output += prompt
        answer = self._answers.pop(0) if self._answers else EOFError()
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, str) else answer()

    def width(self) -> int:
        return 80


def cairn(console: FakeConsole, *words: str, user: str = "ada") -> int:
    parser = CommandParser(prog="cairn")
    terminal.add(parser)
    given: Namespace = parser.parse_args([*words, "--user", user])
    return terminal.run(given, console)
