"""Kinds of runs: what a worker executes, and what the app that owns the kind adds to it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from runs.exceptions import UnknownKind
from streams.events import Event

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from runs.context import RunContext
    from runs.models import Gate, Run

Handler = Callable[["RunContext"], Awaitable[str]]  # returns the closing message


def _no_events(gate: "Gate") -> Sequence[Event]:
    return ()


def _nothing(run: "Run") -> None:
    return None


def _nothing_more(run: "Run") -> Sequence[Event]:
    return ()


def _unnamed(runs: Sequence["Run"]) -> Mapping[UUID, "About"]:
    return {}


def _not_again(run: "Run", by: "User", key: str | None) -> "Run | None":
    return None


def _as_usual() -> int | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a run is for, as lists of all kinds show it, and the page that shows it."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`handler` is started anew for each segment and replays its finished steps.

    `gate_closed` returns what else to tell, in the same transaction, when a gate has been
    answered or has expired. `run_ended` is called in the transaction that ends the run, and
    returns what to tell before its last event.
    `snapshot` returns the present state for readers whose events were cleared away.
    `about` names several runs at once, for lists that show runs of all kinds.
    `again` starts the work of a failed run once more, as a run of its own; None means that it
    cannot be.
    `poll_milliseconds` is what a polling client is asked to wait; None is the installation's wish.
    """

    name: str
    handler: Handler
    gate_closed: Callable[["Gate"], Sequence[Event]] = field(default=_no_events)
    run_ended: Callable[["Run"], Sequence[Event]] = field(default=_nothing_more)
    snapshot: Callable[["Run"], dict[str, Any] | None] = field(default=_nothing)
    about: Callable[[Sequence["Run"]], Mapping[UUID, About]] = field(default=_unnamed)
    again: Callable[["Run", "User", str | None], "Run | None"] = field(default=_not_again)
    owns_stream: bool = True  # the stream ends with the run
    poll_milliseconds: Callable[[], int | None] = field(default=_as_usual)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


async def unknown(context: "RunContext") -> str:
    raise UnknownKind(f"No handler for runs of kind {context.run.kind!r}.")


def names() -> list[str]:
    """Return the kinds that this installation knows."""
    return sorted(_kinds)


def find(name: str) -> Kind:
    """Return a kind for what must be possible without its app: to end a run, to close a gate."""
    return _kinds.get(name) or Kind(name=name, handler=unknown)


def kind(name: str) -> Kind:
    """Return a registered kind. Raises `UnknownKind`."""
    try:
        return _kinds[name]
    except KeyError:
        known = ", ".join(names()) or "none"
        raise UnknownKind(f"No handler for runs of kind {name!r}; known: {known}.") from None
