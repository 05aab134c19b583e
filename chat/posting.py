"""Posting: a message, the same once more, another text instead, a workflow.

Each is one transaction: the message, the run that answers it, and the event that tells of both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from chat import branches, given, references, texts, turns, workflows
from chat.conf import LONGEST_MESSAGE, LONGEST_METADATA, LONGEST_PARAMETERS
from chat.exceptions import InvalidMessage, NotReady, UnknownMessage
from chat.models import Branch, ChatSession, Message
from runs import actions as run_actions
from runs.models import Run
from streams.events import storable


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that was taken, and the run that answers it."""

    message: Message
    run: Run


def check_text(text: str) -> str:
    """Return a message's text as it is kept. Raises `InvalidMessage`."""
    if not text.strip():
        raise InvalidMessage({"text": "text must not be empty: write what you want to know."})
    if len(text) > LONGEST_MESSAGE:
        message = f"text has {len(text)} characters; at most {LONGEST_MESSAGE} fit."
        raise InvalidMessage({"text": message})
    if storable(text) != text:
        raise InvalidMessage({"text": "text must not hold NUL or broken characters."})
    return text


def post_message(
    session: ChatSession,
    text: str,
    *,
    by: User,
    branch: Branch | None = None,
    files: Sequence[UUID] = (),
    metadata: dict[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> Posted:
    """Take a message and queue its reply behind the session's other runs.

    The same key and user give the message of the first call. Raises `InvalidMessage`.
    """
    text = check_text(text)
    metadata = given.check("metadata", metadata or {}, most=LONGEST_METADATA)
    post = partial(_post, session, text, by, branch, files, metadata, idempotency_key)
    return _once(by, idempotency_key, post)


def _once(by: User, key: str | None, post: Callable[[], Posted]) -> Posted:
    """Return what the user's earlier call with this key posted, or post."""
    if known := _posted(by, key):
        return known
    try:
        return post()
    except IntegrityError:  # another call with the same key was a little faster
        if known := _posted(by, key):
            return known
        raise


def _posted(by: User, key: str | None) -> Posted | None:
    run = run_actions.started_before(by, key)
    message = run.messages.filter(role=Message.Role.USER).first() if run else None
    return Posted(message, run) if run and message else None


@transaction.atomic
def _post(
    session: ChatSession,
    text: str,
    by: User,
    branch: Branch | None,
    files: Sequence[UUID],
    metadata: dict[str, Any],
    key: str | None,
) -> Posted:
    session = branches.locked(session)
    branch = branch or session.active_branch
    uploads = turns.uploads_of(by, files)
    if uploads:
        session.uploads.add(*uploads)
        references.place(session, uploads)
    quoted = references.resolve(session, text)
    message = turns.say(
        session, branch, Message.Role.USER, by, parts={"metadata": metadata} if metadata else {}
    )
    if quoted:
        message.parts["references"] = [one.model_dump(mode="json") for one in quoted]
    added = turns.added(message, text, by, references=references.told(quoted))
    run = turns.queue(
        session,
        "reply",
        {
            "message": str(message.pk),
            "branch": str(branch.pk),
            "turn": message.turn,
            "mode": session.mode,
            "auto_approve": session.auto_approve,
        },
        by=by,
        events=[added],
        idempotency_key=key,
    )
    message.run = run
    message.save(update_fields=["run", "parts"])
    return Posted(message, run)


def edit_message(
    session: ChatSession,
    message: Message,
    text: str | None,
    *,
    by: User,
    idempotency_key: str | None = None,
) -> Posted:
    """Ask differently, or the same once more (`text` is None): on a branch that parts before it.

    To ask for a reply once more is to ask what it replies to. Raises `InvalidMessage` and
    `UnknownMessage`.
    """
    asked = _asked(session, message, may_be_reply=text is None)
    said = None if text is None else check_text(text)
    ask = partial(_ask_again, session, asked, said, by, idempotency_key)
    return _once(by, idempotency_key, ask)


def _asked(session: ChatSession, message: Message, *, may_be_reply: bool) -> Message:
    found: Message | None = message
    if may_be_reply and message.role == Message.Role.ASSISTANT:
        of_turn = session.messages.filter(turn=message.turn, role=Message.Role.USER)
        found = of_turn.select_related("branch").first()
    if found is None or found.role != Message.Role.USER or found.session_id != session.pk:
        raise UnknownMessage("Only what a user of this session wrote can be asked again.")
    return found


@transaction.atomic
def _ask_again(
    session: ChatSession, asked: Message, text: str | None, by: User, key: str | None
) -> Posted:
    session = branches.locked(session)
    branch = branches.create(session, by=by, parent=asked.branch, fork_turn=asked.turn - 1)
    branches.switch(session, branch, by=by)
    session.branch = branch
    if text is None and (workflow := asked.parts.get("workflow")):
        return _start_workflow(session, workflow, asked.parts["parameters"], by, key)
    if text is None:
        text = texts.of([asked.pk])[asked.pk].text
    return _post(session, text, by, branch, (), asked.parts.get("metadata", {}), key)


def start_workflow(
    session: ChatSession,
    name: str,
    parameters: dict[str, Any],
    *,
    by: User,
    idempotency_key: str | None = None,
) -> Posted:
    """Start a workflow with checked parameters. Raises `InvalidMessage` and `NotReady`."""
    parameters = given.check("parameters", parameters, most=LONGEST_PARAMETERS)
    start = partial(_start_workflow, session, name, parameters, by, idempotency_key)
    return _once(by, idempotency_key, start)


@transaction.atomic
def _start_workflow(
    session: ChatSession, name: str, parameters: dict[str, Any], by: User, key: str | None
) -> Posted:
    session = branches.locked(session)
    if session.data_set.model is None:
        raise NotReady("The data is not profiled yet; wait until it is.")
    workflow, chosen = workflows.checked(session, name, parameters)
    branch = session.active_branch
    parts = {"workflow": name, "parameters": chosen}
    message = turns.say(session, branch, Message.Role.USER, by, parts=parts)
    said = workflows.as_text(workflow, chosen)
    run = turns.queue(
        session,
        "workflow",
        {
            "message": str(message.pk),
            "branch": str(branch.pk),
            "turn": message.turn,
            "workflow": name,
            "parameters": chosen,
        },
        by=by,
        events=[turns.added(message, said, by, workflow=name)],
        idempotency_key=key,
    )
    message.run = run
    message.save(update_fields=["run"])
    return Posted(message, run)


def find_message(session: ChatSession, pk: UUID) -> Message:
    """Return a message of the session. Raises `UnknownMessage`."""
    found = session.messages.shown().select_related("branch").filter(pk=pk).first()
    if found is None:
        raise UnknownMessage("The session has no such message.")
    return found
