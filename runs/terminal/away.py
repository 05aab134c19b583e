"""Somebody at a console whose Cairn is elsewhere: all that is shown and decided goes by REST."""

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import cairn_client
from cairn_client import AsyncCairn, Cairn, CairnError, Event, Gap
from cairn_client.shapes import Run
from runs.exceptions import (
    AlreadyDecided,
    GateError,
    GateExpired,
    InvalidAnswer,
    InvalidTransition,
    NotAllowed,
    PayloadChanged,
)
from runs.terminal import exits, products
from runs.terminal.asking import Choice, Shown
from runs.terminal.console import Console
from runs.terminal.exits import CommandFailed
from runs.terminal.following import Follower
from runs.terminal.products import COMMAND, Subject
from runs.terminal.screen import Screen
from runs.terminal.terminal import Seat

# Errors of which the person who typed has the remedy.
MENDABLE = (cairn_client.Invalid, cairn_client.NotAuthenticated, cairn_client.NotFound)


def address(given: Namespace) -> str:
    """Return where Cairn is, by --url or CAIRN_URL; nothing if it is here."""
    return str(os.environ.get("CAIRN_URL", "") if given.url is None else given.url)


class Away(Seat):
    def __init__(self, given: Namespace, console: Console) -> None:
        self.url = address(given)
        self._token = given.token or os.environ.get("CAIRN_TOKEN", "")
        if not self._token:
            raise CommandFailed(f"Say who you are at {self.url}: set CAIRN_TOKEN, or --token.")
        try:
            self.cairn = Cairn(self.url, self._token)
        except ValueError as error:
            raise CommandFailed(str(error)) from error
        super().__init__(given, console, AwayDesk(self.cairn))

    def asynchronous(self) -> AsyncCairn:
        """Return another client, for one event loop; Ctrl-C can interrupt that at once."""
        return AsyncCairn(self.url, self._token)

    def follow(self, subject: Subject, run_id: UUID, *, after: int = 0) -> int:
        """Follow a run in the words of its product; return the exit code."""
        self.screen.table = products.named(self.cairn.run(run_id)["kind"]).table
        watcher = AwayWatcher(self.screen, self.asynchronous, run_id, after)
        return Follower(self, watcher, subject).follow()


class AwayWatcher:
    """Follows one run, over any number of connections."""

    def __init__(
        self, screen: Screen, connect: Callable[[], AsyncCairn], run_id: UUID, after: int
    ) -> None:
        self.position = after
        self.has_ended = False
        self.passed: set[UUID] = set()
        self._screen = screen
        self._connect = connect
        self._run_id = run_id
        self._opened: set[str] = set()  # gates that were told of

    async def until_gate(self) -> UUID | None:
        async with self._connect() as cairn:
            run = await cairn.run(self._run_id)
            if gate := self._known(run):
                return gate
            async for told in cairn.follow_run(self._run_id, after=self.position, mode="inline"):
                if isinstance(told, Event):
                    self.position = told.position
                    self._screen.event(told.raw)
                    if gate := await self._asked(cairn, told):
                        return gate
                elif isinstance(told, Gap):
                    self._screen.missing(told.first, told.last)
        self.has_ended = True
        return None

    def _known(self, run: Run) -> UUID | None:
        """Return the gate that waits, if it was told of or will not be told of."""
        pending = run["pending_gate"]
        if pending is None or UUID(pending["id"]) in self.passed:
            return None
        was_told = pending["id"] in self._opened or self.position >= run["position"]
        return UUID(pending["id"]) if was_told else None

    async def _asked(self, cairn: AsyncCairn, event: Event) -> UUID | None:
        """Return the gate that an event tells of, if it waits still."""
        if event.type != "gate_opened":
            return None
        name = event.data["gate_id"]
        self._opened.add(name)
        waits = (await cairn.gate(name))["state"] == "pending"
        return UUID(name) if waits and UUID(name) not in self.passed else None


class AwayDesk:
    """Decides by REST, and says what is wrong in the words of this project's errors."""

    def __init__(self, cairn: Cairn) -> None:
        self._cairn = cairn

    def shown(self, gate_id: UUID) -> Shown:
        return Shown(dict(self._cairn.gate(gate_id)))

    def may_answer(self, shown: Shown) -> bool:
        return True  # the server knows

    def answer(self, shown: Shown, choice: Choice, digest: str = "") -> dict[str, Any]:
        try:
            gate = self._cairn.answer(
                shown.gate["id"],
                choice.decision,
                digest=digest or shown.digest,
                comment=choice.comment,
                payload=choice.payload,
            )
        except (cairn_client.Conflict, cairn_client.Forbidden, cairn_client.Invalid) as error:
            raise _refusal(error) from error
        return dict(gate)

    def cancel(self, run_id: UUID) -> None:
        try:
            self._cairn.cancel(run_id)
        except cairn_client.Conflict as error:
            raise InvalidTransition(error.message) from error


def _refusal(error: CairnError) -> GateError:
    match error:
        case cairn_client.AlreadyDecided():
            return AlreadyDecided(
                decision=error.decision,
                decided_by=error.decided_by,
                decided_at=error.decided_at,
                comment="",
            )
        case cairn_client.PayloadChanged():
            return PayloadChanged(error.digest)
        case cairn_client.Expired():
            return GateExpired(error.message)
        case cairn_client.Forbidden():
            return NotAllowed(error.message)
    return InvalidAnswer(error.message, field=next(iter(error.fields), "decision"))


class AwaySubject:
    """A run of any kind, elsewhere."""

    def __init__(self, away: Away, run_id: UUID) -> None:
        self.away = away
        self.run_id = run_id

    def working(self) -> UUID | None:
        return self.run_id

    def again(self, position: int) -> str:
        return f"{COMMAND} follow {self.run_id} --after {position} --url {self.away.url}"

    def ended(self) -> int:
        run = self.away.cairn.run(self.run_id)
        self.tell(run)
        return exits.OK if run["state"] == "completed" else exits.UNSUCCESSFUL

    def tell(self, run: Run) -> None:
        self.away.screen.result("run_result", dict(run))


AwayVerb = Callable[[Away], int]


def run(given: Namespace, console: Console, verbs: Mapping[str, AwayVerb]) -> int:
    """Do what was asked, elsewhere; say what is wrong with it in one line."""
    verb = verbs.get(given.verb)
    if verb is None:
        known = ", ".join(verbs)
        console.complain(f"cairn {given.verb} works only where Cairn is; with --url: {known}.")
        return exits.USAGE
    try:
        away = Away(given, console)
        with away.cairn:
            return verb(away)
    except CommandFailed as error:
        console.complain(str(error))
        return error.code
    except CairnError as error:
        console.complain(error.message)
        return exits.USAGE if isinstance(error, MENDABLE) else exits.UNSUCCESSFUL
