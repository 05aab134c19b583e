"""Answers to interrupts: each is a decision of a gate, by the rights of whoever is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet

from runs import gates
from runs.api.agui_body import Answer, Fault, wrong
from runs.exceptions import AlreadyDecided, GateError
from runs.models import Gate, Run

UNKNOWN = "There is no such interrupt in this thread, or it is not yours to see."
SEVERAL = "This thread waits for several decisions; take them one by one, by the REST API."
NAMED = "agui_run"  # under this name a gate's answer keeps the client's id of the run it began
NO_DECISION = "Must have `approved`, true or false, or a `decision`: {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    decision: str
    comment: str
    payload: dict[str, Any]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The gate an answer was about. With `is_released` there was nothing to decide any more,
    and the client gives it up; without `is_decided` others have to approve as well.
    """

    gate: Gate
    is_decided: bool = True
    is_released: bool = False


def began(runs: QuerySet[Run], name: str) -> Run | None:
    """Return the run that went on when a client's run of this name answered its gate."""
    found = Gate.objects.filter(run__in=runs, **{f"answer__{NAMED}": name})
    gate = found.select_related("run").order_by("created_at").last()
    return gate.run if gate else None


def answer(
    answers: Sequence[Answer], runs: QuerySet[Run], *, name: str, by: User, via: str
) -> Answered:
    """Decide the gate that the thread waits at, once.

    `runs` are those of the thread that the user may see, `name` is the client's id of the run
    that goes on. Raises `Fault`, and has then decided nothing.
    """
    given = {one.id: one for one in answers}
    if len(given) != len(answers):
        raise Fault("invalid", "One interrupt is answered twice. Nothing was decided.")
    gate = _gate(given, runs)
    said = given[str(gate.pk)]
    if said.is_cancelled and gate.state != Gate.State.PENDING:
        return Answered(gate=gate, is_released=True)
    return _decide(gate, _decision(gate, said), name=name, by=by, via=via)


def _gate(given: dict[str, Answer], runs: QuerySet[Run]) -> Gate:
    """Return the gate to decide: the open one; or the last of the named, if all are closed.

    Nothing is decided by the latter: a client sends its answer again, or was late.
    """
    try:
        named = {UUID(one) for one in given}
    except ValueError:
        raise Fault("unknown_interrupt", UNKNOWN, 404) from None
    of_thread = Gate.objects.filter(run__in=runs).select_related("run")
    found = list(of_thread.filter(pk__in=named).order_by("created_at"))
    if len(found) != len(named) or {str(one.pk) for one in found} != set(given):
        raise Fault("unknown_interrupt", UNKNOWN, 404)
    waiting = [one for one in found if one.state == Gate.State.PENDING]
    if waiting and of_thread.filter(state=Gate.State.PENDING).count() > 1:
        raise Fault("interrupts_open", SEVERAL)
    return waiting[0] if waiting else found[-1]


def _decision(gate: Gate, said: Answer) -> Decision:
    """Return what an answer means for this gate. Raises `Fault`."""
    if said.is_cancelled:
        return Decision(decision="reject", comment="", payload={}, digest=said.digest)
    payload = said.payload
    if isinstance(payload, bool):
        payload = {"approved": payload}
    elif isinstance(payload, str) and gate.kind == Gate.Kind.QUESTION:
        payload = {"decision": "answer", "comment": payload}
    if not isinstance(payload, dict):
        raise _unclear(gate)
    decision = _meant(gate, payload)
    comment, digest = _texts(payload)
    edited = _edited(gate, payload.get("editedArgs"))
    if decision == "answer" and not comment.strip():
        raise wrong({"resume": "`comment` must be the answer to the question."})
    if decision == "adjust" and not comment.strip() and not edited:
        raise wrong({"resume": "`comment` or `editedArgs` must say what to adjust."})
    return Decision(
        decision=decision, comment=comment, payload=edited, digest=digest or said.digest
    )


def _meant(gate: Gate, payload: dict[str, Any]) -> str:
    yes = "answer" if gate.kind == Gate.Kind.QUESTION else "approve"
    decision, approved = payload.get("decision"), payload.get("approved")
    if not isinstance(approved, bool):
        approved = None
    if decision is None and approved is not None:
        decision = yes if approved else "reject"
    if not isinstance(decision, str):
        raise _unclear(gate)
    if approved is not None and approved != (decision != "reject"):
        raise wrong({"resume": f"`approved` and the decision {decision!r} say different things."})
    return decision


def _unclear(gate: Gate) -> Fault:
    return wrong({"resume": NO_DECISION.format(", ".join(gate.decisions))})


def _texts(payload: dict[str, Any]) -> tuple[str, str]:
    """Return comment and digest."""
    comment, digest = payload.get("comment") or payload.get("reason") or "", payload.get("digest")
    if not isinstance(comment, str) or not isinstance(digest or "", str):
        raise wrong({"resume": "`comment` and `digest` must be texts."})
    return comment, digest or ""


def _edited(gate: Gate, edited: Any) -> dict[str, Any]:
    """Return what an answer changes, as this kind of gate is told of it."""
    if edited is None:
        return {}
    if not isinstance(edited, dict):
        raise wrong({"resume": "`editedArgs` must be an object."})
    if gate.kind != Gate.Kind.TOOL:
        return edited
    calls = [one["call_id"] for one in gate.payload.get("calls", ())]
    if len(calls) == 1:
        return {"arguments": {calls[0]: edited}}
    by_call = {call.rpartition(":")[2]: value for call, value in edited.items()}
    if not set(by_call) <= set(calls):
        raise wrong({"resume": "`editedArgs` must have the ids of calls, each with its arguments."})
    return {"arguments": by_call}


def _decide(gate: Gate, said: Decision, *, name: str, by: User, via: str) -> Answered:
    """Answer the gate; the same answer of the same person again changes nothing.

    A client that lost our first reply sends it twice.
    """
    try:
        answered = gates.answer(
            gate.pk,
            by=by,
            decision=said.decision,
            digest=said.digest or gate.digest,
            comment=said.comment,
            payload={**said.payload, NAMED: name},
            via=via,
        )
    except AlreadyDecided as error:
        if (error.decided_by, error.decision) != (by.get_username(), said.decision):
            raise Fault(error.code, str(error), 409) from error
        return Answered(gate=gate)
    except GateError as error:
        raise Fault(error.code, str(error), 409) from error
    return Answered(gate=answered, is_decided=answered.state != Gate.State.PENDING)
