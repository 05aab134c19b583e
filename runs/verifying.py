"""Is a run as its log says, and is what people decided still what they decided? Reads only."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runs import handlers, seals
from runs.clock import read
from runs.conf import run_settings
from runs.digests import digest
from runs.events import ProgressEvent
from runs.models import Gate, Run
from streams import verifying
from streams.events import KNOWN

# What the last of these events says, the run's row must say too.
STATES: dict[str, str] = {
    "gate_opened": Run.State.WAITING,
    "run_retrying": Run.State.QUEUED,
    "run_reassigned": Run.State.QUEUED,
    "run_completed": Run.State.COMPLETED,
    "run_failed": Run.State.FAILED,
    "run_cancelled": Run.State.CANCELLED,
    "run_rejected": Run.State.REJECTED,
    "run_expired": Run.State.EXPIRED,
}
Events = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, and what is wrong with it. `seal` is that of the last decision.

    `notes` are no faults: a copy of a database has them until somebody works on it.
    """

    run_id: UUID
    kind: str
    state: str
    events: int
    decisions: int
    seal: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def verify(run_id: UUID) -> Report:
    """Look at everything there is of a run, at one moment. Raises `Run.DoesNotExist`."""
    with verifying.snapshot():
        run = Run.objects.select_related("stream").get(pk=run_id)
        told = verifying.read(run.stream_id)
        events = told.of(run_id)
        gates = list(run.gates.order_by("created_at", "pk"))
        faults = [
            *told.faults,
            *_lease(run),
            *_fences(run, events),
            *_steps(run),
            *_state(run, told, events),
            *_gates(gates),
            *(_decisions(gates, events) if told.is_whole else ()),
            *seals.broken(gates),
        ]
        notes = tuple(_notes(run))
    closed = [gate for gate in gates if gate.state in seals.CLOSED]
    return Report(
        run_id=run.pk,
        kind=run.kind,
        state=run.state,
        events=len(events),
        decisions=len(closed),
        seal=closed[-1].seal if closed else "",
        faults=tuple(faults),
        notes=notes,
    )


def _lease(run: Run) -> Iterator[str]:
    if run.state != Run.State.RUNNING:
        if run.lease_owner or run.lease_until:
            yield f"the run is {run.state}, but somebody holds its lease"
    elif run.lease_owner is None or run.lease_until is None:
        yield "the run is running, but nobody holds its lease"


def _notes(run: Run) -> Iterator[str]:
    """Yield what is no fault of the data, but looks as if nobody worked."""
    if run.state == Run.State.RUNNING and run.lease_until:
        overdue = (read(None) - run.lease_until).total_seconds()
        if overdue > run_settings().lease_seconds:  # the sweep takes it back sooner
            yield (
                f"its lease ran out {overdue:.0f} s ago and nobody took the run over; "
                "a worker does when one is up"
            )


def _fences(run: Run, events: Events) -> Iterator[str]:
    """Yield where a step, or the log, shows a claim that the run does not know of."""
    highest = 0
    steps = run.steps.order_by("finished_at", "pk").values_list("name", "fence", "finished_at")
    for name, fence, finished in steps:
        if finished and fence < highest:
            yield f"step {name} was written with fence {fence}, after one with {highest}"
        highest = max(highest, fence) if finished else highest
    highest = max([highest, *(fence for _, fence, _ in steps)])
    if highest > run.fence:
        yield f"a step was written with fence {highest}, but the run's is {run.fence}"
    claims = sum(_state_told(event) == Run.State.RUNNING for event in events)
    if claims > run.fence:
        yield f"the log tells of {claims} claims, but the run's fence is {run.fence}"


def _steps(run: Run) -> Iterator[str]:
    names: Counter[str] = Counter()
    for name, begun, finished, position in run.steps.values_list(
        "name", "started_at", "finished_at", "from_position"
    ):
        names[name] += 1
        if finished and finished < begun:
            yield f"step {name} ended before it began"
        if position > run.stream.last_position:
            yield f"step {name} began at event {position}, which is not there"
        if finished is None and run.state == Run.State.COMPLETED:
            yield f"step {name} never ended, but the run is completed"
    yield from (f"step {name} is there {count} times" for name, count in names.items() if count > 1)


def _state_told(event: dict[str, Any]) -> str:
    if event.get("type") == "run_state":
        return str(_data(event).get("state"))
    return STATES.get(str(event.get("type")), "")


def _data(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    return data if isinstance(data, dict) else {}


def _state(run: Run, told: verifying.Told, events: Events) -> Iterator[str]:
    states = [state for event in events if (state := _state_told(event))]
    if states and states[-1] != run.state:
        yield f"the log's last word is {states[-1]}, but the run is {run.state}"
    elif not states and told.is_whole and run.state != Run.State.QUEUED:
        yield f"the log tells nothing of the run, but it is {run.state}"
    ends = [event for event in events if event.get("final")]
    if len(ends) > 1:
        yield f"the log tells of {len(ends)} ends"
    if run.is_terminal != (run.finished_at is not None):
        yield f"the run is {run.state}, but finished_at is {run.finished_at or 'not set'}"
    owned = run.kind in handlers.names() and handlers.find(run.kind).owns_stream
    if owned and run.is_terminal != (told.stream.closed_at is not None):
        yield f"the run is {run.state}, but its stream is {'closed' if not run.is_terminal else 'open'}"
    moving = [_data(event) for event in events if _moves(event)]
    if moving and run.state != Run.State.COMPLETED and moving[-1].get("progress") != run.progress:
        yield f"the log's last progress is {moving[-1].get('progress')}, the run's {run.progress:g}"


def _moves(event: dict[str, Any]) -> bool:
    kind = KNOWN.get(str(event.get("type")))
    return kind is not None and issubclass(kind, ProgressEvent)


def _gates(gates: list[Gate]) -> Iterator[str]:
    for gate in gates:
        if digest(gate.payload) != gate.digest:
            yield f"gate {gate.name} shows something else than its digest says"
        for digest_, name in gate.answers.values_list("digest", "user__username"):
            if digest_ != gate.digest:
                yield f"gate {gate.name}: {name or 'the policy'} answered about another payload"


def _decisions(gates: list[Gate], events: Events) -> Iterator[str]:
    """Yield where the log and the gates' rows tell of different decisions."""
    told: dict[str, Events] = {}
    for event in events:
        if event.get("type") in ("gate_answered", "gate_expired"):
            told.setdefault(str(_data(event).get("gate_id")), []).append(event)
    for gate in gates:
        mine = told.pop(str(gate.pk), [])
        expected = 1 if gate.state in seals.CLOSED else 0
        if len(mine) != expected:
            yield f"gate {gate.name} is {gate.state}, and the log tells of {len(mine)} decisions"
        elif expected and (difference := _difference(gate, mine[0])):
            yield f"gate {gate.name}: the log tells of {difference}"
    for gate_id in told:
        yield f"the log tells of a decision at gate {gate_id}, which is not there"


def _difference(gate: Gate, event: dict[str, Any]) -> str:
    data = _data(event)
    if event["type"] == "gate_expired":
        is_same = gate.via == Gate.Via.POLICY and data.get("policy") == gate.on_expiry
        return "" if is_same else "its deadline, the row of somebody who answered"
    # Not by whom: users may be renamed, and the seal knows them by their number.
    for name, value in (("decision", gate.decision), ("via", gate.via)):
        if data.get(name) != value:
            return f"{name} {data.get(name)!r}, the row of {value!r}"
    return "" if data.get("comment", "") == gate.comment else "another comment than the row"
