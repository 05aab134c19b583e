"""Posting: a message, the same once more, another text instead, a workflow.

Each is one transaction: the message, the run that answers it, and the event that tells of both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from chat import branches, references, texts, turns, workflows
from chat.conf import LONGEST_MESSAGE
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
    if known := _posted(by, idempotency_key):
        return known
    try:
        return _post(session, text, by, branch, files, metadata or {}, idempotency_key)
    except IntegrityError:
        if known := _posted(by, idempotency_key):
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


@transaction.atomic
def edit_message(session: ChatSession, message: Message, text: str | None, *, by: User) -> Posted:
    """Ask differently, or the same once more (`text` is None): on a branch that parts before it."""
    session = branches.locked(session)
    if message.role != Message.Role.USER or message.session_id != session.pk:
        raise UnknownMessage("Only what a user of this session wrote can be asked again.")
    said = check_text(texts.of([message.pk])[message.pk].text if text is None else text)
    branch = branches.create(session, by=by, parent=message.branch, fork_turn=message.turn - 1)
    branches.switch(session, branch, by=by)
    return post_message(session, said, by=by, branch=branch)


@transaction.atomic
def start_workflow(
    session: ChatSession,
    name: str,
    parameters: dict[str, Any],
    *,
    by: User,
    idempotency_key: str | None = None,
) -> Posted:
    """Start a workflow with checked parameters. Raises `InvalidMessage` and `NotReady`."""
    if known := _posted(by, idempotency_key):
        return known
    session = branches.locked(session)
    if session.data_set.model is None:
        raise NotReady("The data is not profiled yet; wait until it is.")
    workflow, given = workflows.checked(session, name, parameters)
    branch = session.active_branch
    parts = {"workflow": name, "parameters": given}
    message = turns.say(session, branch, Message.Role.USER, by, parts=parts)
    said = workflows.as_text(workflow, given)
    run = turns.queue(
        session,
        "workflow",
        {
            "message": str(message.pk),
            "branch": str(branch.pk),
            "turn": message.turn,
            "workflow": name,
            "parameters": given,
        },
        by=by,
        events=[turns.added(message, said, by, workflow=name)],
        idempotency_key=idempotency_key,
    )
    message.run = run
    message.save(update_fields=["run"])
    return Posted(message, run)
