"""Which product a run belongs to: its words, and what is said when it has ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from runs import shapes
from runs.models import Run
from runs.terminal import exits
from runs.terminal.words import RUNS, Table

if TYPE_CHECKING:
    from runs.terminal.terminal import Terminal

COMMAND = "python manage.py cairn"


class Subject(Protocol):
    """What is followed."""

    def working(self) -> UUID | None:
        """Return which run can be cancelled."""

    def again(self, position: int) -> str:
        """Return the command that goes on following after a position."""

    def ended(self) -> int:
        """Say what came out, and return the exit code."""


class RunSubject:
    """A run of any kind."""

    def __init__(self, terminal: "Terminal", run: Run) -> None:
        self.terminal = terminal
        self.run = run

    def working(self) -> UUID | None:
        return self.run.pk

    def again(self, position: int) -> str:
        return f"{COMMAND} follow {str(self.run.pk)[:8]} --after {position}"

    def ended(self) -> int:
        self.run = Run.objects.select_related("stream").get(pk=self.run.pk)
        self.tell()
        return exits.OK if self.run.state == Run.State.COMPLETED else exits.UNSUCCESSFUL

    def tell(self) -> None:
        self.terminal.screen.result("run_result", shapes.run(self.run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    kinds: frozenset[str] = frozenset()
    table: Table
    subject: Callable[["Terminal", Run], Subject]


_known: dict[str, Product] = {}
ANY = Product(table=RUNS, subject=RunSubject)


def register(product: Product) -> None:
    _known.update(dict.fromkeys(product.kinds, product))


def of(run: Run) -> Product:
    return named(run.kind)


def named(kind: str) -> Product:
    """Return the product of a kind of run."""
    return _known.get(kind, ANY)
