"""The state of a session, as its clients see it: told in the log, and worked out from the rows.

Both come from here, and a test holds them against each other.
"""

from enum import StrEnum

from chat.models import ChatSession
from runs.models import Gate, Run


class State(StrEnum):
    IDLE = "idle"
    INITIALISING = "initialising"
    THINKING = "thinking"
    WAITING_APPROVAL = "waiting_approval"  # somebody must allow a tool call
    WAITING_ANSWER = "waiting_answer"  # somebody must answer a question


NEXT: dict[State, frozenset[State]] = {
    State.IDLE: frozenset({State.INITIALISING, State.THINKING}),
    State.INITIALISING: frozenset({State.IDLE}),
    State.THINKING: frozenset({State.IDLE, State.WAITING_APPROVAL, State.WAITING_ANSWER}),
    State.WAITING_APPROVAL: frozenset({State.THINKING, State.IDLE}),
    State.WAITING_ANSWER: frozenset({State.THINKING, State.IDLE}),
}
AT_GATE = {Gate.Kind.TOOL: State.WAITING_APPROVAL, Gate.Kind.QUESTION: State.WAITING_ANSWER}


def working(kind: str) -> State:
    """Return the state while a run of this kind is at work."""
    return State.INITIALISING if kind == "initialise" else State.THINKING


def head(session: ChatSession) -> Run | None:
    """Return the run that is at work, or waits at a gate: the first of those not ended."""
    found = Run.objects.filter(stream=session.stream_id, finished_at=None)
    return found.exclude(started_at=None).order_by("begins_after").first()


def current(session: ChatSession) -> State:
    """Return the session's state from its runs and gates."""
    run = head(session)
    if run is None:
        return State.IDLE
    gate = run.gates.filter(state=Gate.State.PENDING).first()
    return AT_GATE[Gate.Kind(gate.kind)] if gate else working(run.kind)


def pending_gates(session: ChatSession) -> list[Gate]:
    """Return what the session waits for: at most one gate, since one run works at a time."""
    found = Gate.objects.filter(run__stream=session.stream_id, state=Gate.State.PENDING)
    return list(found.select_related("run", "group", "decided_by").order_by("created_at"))
