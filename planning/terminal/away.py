"""What each word after `cairn` does with a Cairn elsewhere. Each function returns the exit code."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from cairn_client import NotFound
from cairn_client.calls import MOST_LISTED
from cairn_client.shapes import Gate, PlanSummary, Run
from planning.terminal import deciding, listing, plans
from runs.terminal import exits
from runs.terminal.away import Away, AwaySubject, AwayVerb
from runs.terminal.exits import CommandFailed
from runs.terminal.naming import LAST, key, only

T = TypeVar("T")


class PlanSubject(AwaySubject):
    def tell(self, run: Run) -> None:
        found = _plans(self.away, str(self.run_id))
        if not found:
            super().tell(run)
            return
        plans.tell(self.away.screen, self.away.cairn.plan(found[0]["id"]))


def _plans(away: Away, start: str) -> list[PlanSummary]:
    """Return those of the newest plans whose id, or their run's, begins so."""
    newest = away.cairn.plans(limit=MOST_LISTED)
    return [one for one in newest if one["id"].startswith(start) or one["run_id"].startswith(start)]


def _plan(away: Away, name: str) -> PlanSummary:
    """Return a plan by its own id or its run's; `last` is the newest. Raises `CommandFailed`."""
    found: Sequence[PlanSummary]
    if name == LAST:
        found = away.cairn.plans(limit=1)
    else:
        found = _plans(away, key(name)) or _exact(away.cairn.plan, key(name))
    return only(found, name, "plan")


def _run_id(away: Away, name: str) -> UUID:
    """Return a run's id, by its own, its plan's, or a waiting gate's. Raises `CommandFailed`."""
    if name == LAST:
        return UUID(_plan(away, name)["run_id"])
    start = key(name)
    ids = [one["run_id"] for one in _plans(away, start)]
    if not ids:
        ids = [one["run_id"] for one in away.cairn.gates() if one["id"].startswith(start)]
    if not ids:
        ids = [one["id"] for one in _exact(away.cairn.run, start)]
    return UUID(only(ids, name, "run or plan"))


def _gate(away: Away, name: str) -> Gate:
    """Return a gate by its id, or the one its run or plan waits at. Raises `CommandFailed`."""
    start = key(name) if name != LAST else _plan(away, name)["run_id"]
    waiting = away.cairn.gates()
    found = [one for one in waiting if one["id"].startswith(start)]
    if not found:
        runs = {start, *(one["run_id"] for one in _plans(away, start))}
        found = [one for one in waiting if any(one["run_id"].startswith(run) for run in runs)]
    return only(found or _exact(away.cairn.gate, start), name, "waiting gate")


def _exact(get: Callable[[str], T], name: str) -> list[T]:
    """Return what has just this id, which need not be among the newest."""
    try:
        return [get(name)] if len(name) == len(str(UUID(int=0))) else []
    except NotFound:
        return []


def plan(away: Away) -> int:
    given = away.given
    if given.engine:
        raise CommandFailed("--engine is for a Cairn that is here; the server has its own.")
    sent = [_document(away, name) for name in given.document]
    started = away.cairn.start_plan(
        given.goal,
        max_iterations=given.iterations,
        checkpoint_interval=given.interval,
        documents=sent,
        deadline_seconds=given.deadline,
        four_eyes=given.four_eyes,
    )
    return _started(away, started)


def _document(away: Away, name: str) -> str:
    path = Path(name).expanduser()
    return away.cairn.upload(path)["id"] if path.is_file() else name


def _started(away: Away, started: PlanSummary) -> int:
    away.screen.result("plan_accepted", dict(started))
    by = started["created_by"]
    away.screen.say(f"Plan {started['id'][:8]} for {by} at {away.url}. Ctrl-C detaches.", "dim")
    run_id = UUID(started["run_id"])
    return away.follow(PlanSubject(away, run_id), run_id)


def branch(away: Away) -> int:
    given = away.given
    origin = _plan(away, given.name)["id"]
    return _started(away, away.cairn.branch_plan(origin, given.checkpoint, guidance=given.guidance))


def follow(away: Away) -> int:
    run_id = _run_id(away, away.given.name)
    return away.follow(PlanSubject(away, run_id), run_id, after=max(0, away.given.after))


def answer(away: Away) -> int:
    return deciding.decide(away, UUID(_gate(away, away.given.name)["id"]))


def list_(away: Away) -> int:
    given = away.given
    found = away.cairn.plans(limit=max(1, given.limit))
    if given.state:
        found = [one for one in found if one["state"] == given.state]
    if given.json:
        return away.dump(found)
    listing.plans(away.screen, found)
    return exits.OK


def inbox(away: Away) -> int:
    found = sorted(away.cairn.gates(), key=lambda gate: gate["deadline"])
    if away.given.json:
        return away.dump(found)
    listing.inbox(away.screen, found, lambda gate: "")
    return exits.OK


def show(away: Away) -> int:
    found = away.cairn.plan(_plan(away, away.given.name)["id"])
    if away.given.json:
        return away.dump(found)
    listing.plan(away.screen, found)
    return exits.OK


def memory(away: Away) -> int:
    name = away.given.name
    if name is None:
        every = away.cairn.entities(limit=MOST_LISTED)
        if away.given.json:
            return away.dump([{"slug": one["slug"], "title": one["title"]} for one in every])
        listing.entities(away.screen, every)
        return exits.OK
    found = away.cairn.entity(name)
    if away.given.json:
        return away.dump({name: found[name] for name in ("slug", "title", "body")})
    listing.entity(away.screen, found)
    return exits.OK


def _control(away: Away, act: Callable[[UUID], Run]) -> int:
    changed = act(_run_id(away, away.given.name))
    if away.given.json:
        return away.dump(changed)
    asked = " (asked; its worker stops soon)" if changed["state"] == "running" else ""
    away.screen.say(f"The run is {changed['state']}{asked}.")
    return exits.OK


VERBS: dict[str, AwayVerb] = {
    "plan": plan,
    "branch": branch,
    "follow": follow,
    "answer": answer,
    "list": list_,
    "inbox": inbox,
    "show": show,
    "memory": memory,
    "cancel": lambda away: _control(away, away.cairn.cancel),
    "pause": lambda away: _control(away, away.cairn.pause),
    "resume": lambda away: _control(away, away.cairn.resume),
}
