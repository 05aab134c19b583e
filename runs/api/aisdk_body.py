"""What the chat transport of the AI SDK posts: its messages, of which the last one counts.

A client keeps the whole conversation and sends it every time. The server has its own, so of what
is sent it takes a user's last text; or of an assistant's message the answers to approvals, and of
those only which was meant, yes or no, and why. Everything else is looked up.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from runs import gates
from runs.api import doors
from runs.api.problems import fields_of
from runs.api.serializers import Choice, Text
from runs.exceptions import AlreadyDecided, GateError
from runs.models import Gate, Run
from runs.resent import Sent
from streams.dialects.aisdk import approval_ids
from streams.views import Refusal

Message = dict[str, Any]

AGAIN = "regenerate-message"
TRIGGERS = ("submit-message", AGAIN)
LONGEST_ID = 100
MOST_MESSAGES = 2000
LARGEST_BODY = 1024 * 1024  # clients send the conversation with every message
UNKNOWN = "There is no such approval in this chat, or it is not yours to see. Nothing was decided."


class Fault(Exception):
    """A request that is answered by a stream which says what is wrong, and nothing else."""


class BodyIn(serializers.Serializer[Any]):
    id = Text(max_length=LONGEST_ID, trim_whitespace=False)
    messages = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MOST_MESSAGES
    )
    trigger = Choice(TRIGGERS, default="submit-message")
    messageId = Text(  # noqa: N815 - the client's name
        max_length=LONGEST_ID, required=False, allow_null=True, trim_whitespace=False
    )

    def validate_id(self, value: str) -> str:
        if not value.isprintable() or "/" in value:
            raise serializers.ValidationError("Must be printable characters without a slash.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's answer to one approval."""

    id: str
    is_approved: bool
    reason: str
    digest: str  # of what the client was shown, if it says so

    @property
    def gate(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a request asks: `sent` is None where it answers `approvals`."""

    chat: str
    sent: Sent | None
    approvals: tuple[Approval, ...]
    is_again: bool
    reply: str  # the message of ours that is to be made again, if it is named
    more: dict[str, Any]  # what else the body may hold


def read(request: HttpRequest, kind: type[BodyIn], scope: str) -> Body:
    """Return what was posted. Raises `Refusal` naming the field that is wrong."""
    given = kind(data=doors.sent(request, most=LARGEST_BODY))
    try:
        given.is_valid(raise_exception=True)
    except ValidationError as error:
        fields = fields_of(error.detail)
        raise Refusal(400, "invalid", " ".join(fields.values()), fields) from error
    values = dict(given.validated_data)
    chat, messages = values.pop("id"), values.pop("messages")
    is_again, named = values.pop("trigger") == AGAIN, values.pop("messageId", None) or ""
    last = _meant(messages, named)
    is_answer = last.get("role") == "assistant" and not is_again
    if not is_answer and last.get("role") != "user":
        raise _wrong("messages must end with a user's message, or an assistant's with approvals.")
    return Body(
        chat=chat,
        sent=None if is_answer else _sent(scope, chat, last),
        approvals=_approvals(last) if is_answer else (),
        is_again=is_again,
        reply=named,
        more=values,
    )


def _wrong(message: str) -> Refusal:
    return Refusal(400, "invalid", message, {"messages": message})


def _meant(messages: list[Message], named: str) -> Message:
    """Return the message a request is about: the last, or an earlier one that is answered."""
    for one in reversed(messages):
        if named and one.get("id") == named and one.get("role") == "assistant":
            return one
    return messages[-1]


def _parts(message: Message) -> list[Message]:
    parts: Any = message.get("parts")
    if not isinstance(parts, list) or not all(isinstance(one, dict) for one in parts):
        raise _wrong("Each message must have a list of parts.")
    return list(parts)


def _sent(scope: str, chat: str, message: Message) -> Sent:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID or not name.isprintable():
        raise _wrong(f"A message's id must have from 1 to {LONGEST_ID} printable characters.")
    texts: list[str] = []
    for part in _parts(message):
        if part.get("type") == "file":
            raise _wrong("Files are not taken in messages: upload them, and name them in `files`.")
        if part.get("type") == "text":
            text = part.get("text")
            if not isinstance(text, str):
                raise _wrong("A part of the type text must have its text.")
            texts.append(text)
    return Sent(scope=scope, chat=chat, message=name, text="\n".join(texts))


def _approvals(message: Message) -> tuple[Approval, ...]:
    responded = [one for one in _parts(message) if one.get("state") == "approval-responded"]
    found = [_approval(one.get("approval")) for one in responded]
    if not found:
        raise Fault("There is nothing to answer: the last message holds no new approval.")
    return tuple(found)


def _approval(given: Any) -> Approval:
    name = given.get("id") if isinstance(given, dict) else None
    if not isinstance(name, str) or not isinstance(given.get("approved"), bool):
        raise _wrong("An approval needs its id, and `approved` as true or false.")
    reason, digest = given.get("reason") or "", given.get("signature") or ""
    if not isinstance(reason, str) or not isinstance(digest, str):
        raise _wrong("The reason of an approval must be a text.")
    return Approval(id=name, is_approved=given["approved"], reason=reason, digest=digest)


def answer(approvals: tuple[Approval, ...], runs: QuerySet[Run], *, by: User, via: str) -> Gate:
    """Decide the gate that the approvals are about, with the rights of whoever is signed in.

    `runs` are those of the conversation that the user may see. All calls of a gate are decided
    together: one that is denied denies all. Raises `Fault`, and has then decided nothing.
    """
    gate = _gate(approvals, runs)
    approvals = tuple(one for one in approvals if one.gate == str(gate.pk))
    given = {one.id: one for one in approvals}
    calls = approval_ids(str(gate.pk), len(gate.payload.get("calls", ())) or 1)
    if len(given) != len(approvals) and len({one.is_approved for one in approvals}) > 1:
        raise Fault("One approval is answered with both yes and no. Nothing was decided.")
    if missing := [one for one in calls if one not in given]:
        raise Fault(f"Answer all calls of this step; {len(missing)} are open. Nothing was decided.")
    if set(given) - set(calls):
        raise Fault(UNKNOWN)
    is_approved = all(one.is_approved for one in approvals)
    reasons = dict.fromkeys(one.reason for one in approvals if one.reason)
    yes = "answer" if gate.kind == Gate.Kind.QUESTION else "approve"
    return _decide(
        gate,
        decision=yes if is_approved else "reject",
        comment="\n".join(reasons),
        digest=next((one.digest for one in approvals if one.digest), gate.digest),
        by=by,
        via=via,
    )


def _gate(approvals: tuple[Approval, ...], runs: QuerySet[Run]) -> Gate:
    """Return the one gate to decide; others of the message may have been decided before."""
    try:
        named = {UUID(one.gate) for one in approvals}
    except ValueError:
        raise Fault(UNKNOWN) from None
    found = list(Gate.objects.select_related("run").filter(pk__in=named, run__in=runs))
    if len(found) != len(named):
        raise Fault(UNKNOWN)
    waiting = [one for one in found if one.state == Gate.State.PENDING]
    if len(waiting) > 1:
        raise Fault("Answer one question at a time. Nothing was decided.")
    return waiting[0] if waiting else max(found, key=lambda one: one.created_at)


def _decide(gate: Gate, *, decision: str, comment: str, digest: str, by: User, via: str) -> Gate:
    """Answer the gate; the same answer of the same person again changes nothing.

    A client that lost our first reply sends it twice.
    """
    if decision == "answer" and not comment.strip():
        raise Fault("Say the answer to the question as the reason of the approval.")
    try:
        answered = gates.answer(
            gate.pk, by=by, decision=decision, digest=digest, comment=comment, via=via
        )
    except AlreadyDecided as error:
        if (error.decided_by, error.decision) != (by.get_username(), decision):
            raise Fault(str(error)) from error
        return gate
    except GateError as error:
        raise Fault(str(error)) from error
    if answered.state == Gate.State.PENDING:
        raise Fault("Your approval is noted; others must approve as well. Resume the stream later.")
    return answered
