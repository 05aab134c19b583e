"""Gates of a conversation: a tool call to allow, a question to answer, and what was decided."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from agents.base import ApprovalNeeded, Decision
from agents.chats import ToolOffer
from agents.tools import TOOLS
from chat import actions, branches
from chat.conf import chat_settings
from chat.events import StateChanged, ToolCalled, ToolDecided, ToolFinished, ToolRequested
from chat.models import ChatSession, Message
from chat.states import AT_GATE, State
from runs.gates import Policy, Question
from runs.models import Gate, Run
from streams.events import Event
from streams.models import StreamEvent

TOOL_DECISIONS = ("approve", "approve_all", "reject")
QUESTION_DECISIONS = ("answer", "reject")


def offers(mode: str, auto_approve: Sequence[str]) -> tuple[ToolOffer, ...]:
    """Return the tools of a mode; those that the session allows in advance need no approval."""
    return tuple(
        ToolOffer(
            name=tool.name,
            description=tool.description,
            approval=tool.needs_approval and tool.name not in auto_approve,
        )
        for tool in TOOLS.values()
        if mode in tool.modes
    )


def as_json(asks: ApprovalNeeded) -> dict[str, Any]:
    """Return what an engine asks as it is recorded with its step."""
    return {
        "question": asks.question,
        "options": list(asks.options),
        "calls": [
            {
                "call_id": one.call_id,
                "tool": one.tool,
                "arguments": dict(one.arguments),
                "description": one.description,
            }
            for one in asks.calls
        ],
        "state": asks.state,
    }


def _calls(asks: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**call, "description": _description(call)} for call in asks["calls"]]


def _description(call: Mapping[str, Any]) -> str:
    """Return what the engine says that a tool does, or what the tool does if it is one of ours."""
    known = TOOLS.get(call["tool"])
    return str(call.get("description") or (known.description if known else ""))


def question(session: ChatSession, asks: Mapping[str, Any], number: int) -> Question:
    """Return the gate for what an engine asks. Nobody answering means no."""
    seconds = session.deadline_seconds or chat_settings().deadline_seconds
    policy = Policy(deadline_seconds=seconds, on_expiry=Gate.Expiry.REJECT)
    about = {"session": str(session.pk), "question": asks["question"]}
    if asks["calls"]:
        return Question(
            kind=Gate.Kind.TOOL,
            name=f"tool-{number}",
            text=asks["question"],
            payload={**about, "calls": _calls(asks)},
            decisions=TOOL_DECISIONS,
            policy=policy,
        )
    return Question(
        kind=Gate.Kind.QUESTION,
        name=f"question-{number}",
        text=asks["question"],
        payload={**about, "options": asks["options"]},
        decisions=QUESTION_DECISIONS,
        policy=policy,
    )


def asked(reply_id: UUID, asks: Mapping[str, Any], gate: Gate) -> Sequence[Event]:
    """Return what introduces the gate."""
    state = StateChanged(new_state=AT_GATE[Gate.Kind(gate.kind)])
    if gate.kind != Gate.Kind.TOOL:
        return [state]
    calls = tuple(ToolCalled(**call) for call in _calls(asks))
    return [ToolRequested(reply_id=reply_id, gate_id=gate.pk, calls=calls), state]


def decisions(gate: Gate, asks: Mapping[str, Any]) -> dict[str, Decision]:
    """Return a person's decision as the engine is given it: for each call, or for the question."""
    if not asks["calls"]:
        chosen = (gate.answer or {}).get("choice", "")
        given = Decision(decision=gate.decision, comment=gate.comment or str(chosen))
        return {"question": given}
    edited = _edited(gate)
    decision = "reject" if gate.decision == "reject" else "approve"
    return {
        call["call_id"]: Decision(
            decision=decision, comment=gate.comment, arguments=edited.get(call["call_id"])
        )
        for call in asks["calls"]
    }


def _edited(gate: Gate) -> dict[str, dict[str, Any]]:
    """Return the arguments that the answer changed, by call."""
    given = (gate.answer or {}).get("arguments", {})
    if not isinstance(given, dict):
        return {}
    return {str(key): value for key, value in given.items() if isinstance(value, dict)}


def results(run: Run, decided: Collection[str]) -> dict[str, Any]:
    """Return what calls that were decided about gave already, by the log of their run."""
    told = StreamEvent.objects.filter(
        stream=run.stream_id, run_id=run.pk, type=ToolFinished.type
    ).values_list("body", flat=True)
    found = [json.loads(body)["data"] for body in told]
    return {
        one["call_id"]: one["result"]
        for one in found
        if one["call_id"] in decided and not one["error"]
    }


def gate_closed(gate: Gate) -> Sequence[Event]:
    """Tell what a decision means for the conversation, and keep what was allowed for good."""
    if gate.state == Gate.State.EXPIRED:
        return ()
    events: list[Event] = []
    if gate.kind == Gate.Kind.TOOL:
        by = gate.decided_by.get_username() if gate.decided_by else ""
        events.append(
            ToolDecided(
                gate_id=gate.pk,
                decision=gate.decision,
                decided_by=by,
                reason=gate.comment,
                edited=tuple(_edited(gate)),
            )
        )
        if gate.decision == "approve_all":
            session = branches.locked(ChatSession.objects.get(stream=gate.run.stream_id))
            actions.allow(session, [call["tool"] for call in gate.payload["calls"]])
    waiting = Message.objects.filter(run=gate.run_id, status=Message.Status.WAITING)
    waiting.update(status=Message.Status.COMPLETE)
    return [*events, StateChanged(new_state=State.THINKING)]
