"""What people do with sessions: start one, switch its mode, rename it.

Each is one transaction: rows, run and the events that tell of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from agents import registry
from chat import branches, data_sets, references, turns
from chat.conf import LONGEST_TITLE, MOST_FILES, chat_settings
from chat.events import ModeSwitched, SessionStarted, TitleChanged
from chat.exceptions import InvalidMessage
from chat.models import Branch, ChatSession, Message
from runs import actions as run_actions
from runs.models import Run
from streams import log
from streams.events import storable
from streams.models import Stream

DEMO = "penguins"  # what a session without files is about
UNTITLED = "New chat"
MOST_TOOLS = 50  # allowed in advance
TOOL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a session is to be like. `deadline_seconds` is what people have to answer its gates."""

    title: str = ""
    files: Sequence[UUID] = ()
    demo: str = ""
    mode: str = ChatSession.Mode.PLAN
    engine: str = ""
    auto_approve: Sequence[str] = field(default=())
    deadline_seconds: int | None = None

    def check(self) -> None:
        """Raise `InvalidMessage` naming each field that is wrong."""
        fields = {}
        if len(self.title) > LONGEST_TITLE or storable(self.title) != self.title:
            fields["title"] = f"title may have at most {LONGEST_TITLE} plain characters."
        if len(self.files) > MOST_FILES:
            fields["files"] = f"files may name at most {MOST_FILES}."
        if self.engine and (refusal := registry.refusal(self.engine)):
            fields["engine"] = refusal
        if self.mode not in ChatSession.Mode.values:
            fields["mode"] = f"mode must be one of: {', '.join(ChatSession.Mode.values)}."
        if fields:
            raise InvalidMessage(fields)


def start_session(wish: Wish, *, by: User, idempotency_key: str | None = None) -> ChatSession:
    """Start a chat about files, or about demonstration data; a run profiles them first.

    The same key and user give the session of the first call. Raises `InvalidMessage`.
    """
    wish.check()
    if known := _known_session(by, idempotency_key):
        return known
    try:
        return _start_session(wish, by=by, idempotency_key=idempotency_key)
    except IntegrityError:
        if known := _known_session(by, idempotency_key):
            return known
        raise


def _known_session(by: User, key: str | None) -> ChatSession | None:
    return ChatSession.objects.filter(created_by=by, idempotency_key=key).first() if key else None


@transaction.atomic
def _start_session(wish: Wish, *, by: User, idempotency_key: str | None) -> ChatSession:
    uploads = turns.uploads_of(by, wish.files)
    demo = "" if uploads else wish.demo or DEMO
    files = data_sets.demo_files(demo) if demo else data_sets.upload_files(uploads)
    if not files:
        raise InvalidMessage({"files": "None of the files is a data set; add a table of data."})
    names = demo or ", ".join(one.name for one in files)
    engine = wish.engine or chat_settings().engine
    session_id = uuid4()
    session = ChatSession.objects.create(
        id=session_id,
        stream=Stream.objects.create(session_id=session_id),
        created_by=by,
        title=" ".join(wish.title.split()) or names[:LONGEST_TITLE] or UNTITLED,
        mode=wish.mode,
        engine=engine,
        auto_approve=list(wish.auto_approve),
        deadline_seconds=wish.deadline_seconds,
        data_set=data_sets.of_files(files, names, engine),
        demo=demo,
        idempotency_key=idempotency_key or None,
    )
    session.uploads.set(uploads)
    references.place(session, uploads)
    session.branch = Branch.objects.create(session=session, name="main", created_by=by)
    session.save(update_fields=["branch"])
    started = SessionStarted(
        title=session.title, mode=session.mode, branch=str(session.branch.pk), data_set=names
    )
    turns.queue(session, "initialise", {}, by=by, events=[started])
    return session


@transaction.atomic
def profile_again(session: ChatSession, *, by: User, idempotency_key: str | None) -> Run:
    """Profile a session's data once more; the same key gives the run of the first call."""
    session = branches.locked(session)
    known = run_actions.started_before(by, idempotency_key)
    return known or turns.queue(session, "initialise", {}, by=by, idempotency_key=idempotency_key)


@transaction.atomic
def change(
    session: ChatSession,
    *,
    by: User,
    title: str | None = None,
    mode: str | None = None,
    branch: str | None = None,
    auto_approve: Sequence[str] | None = None,
) -> ChatSession:
    """Change what is given, all of it or nothing. Raises `InvalidMessage` and `UnknownBranch`."""
    if title is not None:
        session = rename(session, title, by=by)
    if mode is not None:
        session = switch_mode(session, mode, by=by)
    if branch is not None:
        branches.switch(session, branches.find(session, branch), by=by)
    if auto_approve is not None:
        _check_tools(auto_approve)
        session = branches.locked(session)
        session.auto_approve = sorted(set(auto_approve))
        session.save(update_fields=["auto_approve"])
    return session


def _check_tools(names: Sequence[str]) -> None:
    if len(names) > MOST_TOOLS or not all(TOOL_NAME.fullmatch(one) for one in names):
        message = f"auto_approve may have at most {MOST_TOOLS} names of tools."
        raise InvalidMessage({"auto_approve": message})


@transaction.atomic
def switch_mode(session: ChatSession, mode: str, *, by: User) -> ChatSession:
    """Change which tools later messages may use; the log says who did. Raises `InvalidMessage`."""
    session = branches.locked(session)
    if mode not in ChatSession.Mode.values:
        allowed = ", ".join(ChatSession.Mode.values)
        raise InvalidMessage({"mode": f"mode must be one of: {allowed}."})
    if session.mode == mode:
        return session
    session.mode = mode
    session.save(update_fields=["mode"])
    text = {
        ChatSession.Mode.ACT: "The mode is act now: tools may change files, after approval.",
        ChatSession.Mode.PLAN: "The mode is plan now: tools only look.",
    }[ChatSession.Mode(mode)]
    note = turns.say(session, session.active_branch, Message.Role.SYSTEM, by, parts={"mode": mode})
    switched = ModeSwitched(mode=mode, by=by.get_username())
    log.append(session.stream_id, [switched, turns.added(note, text, by)])
    return session


@transaction.atomic
def rename(session: ChatSession, title: str, *, by: User) -> ChatSession:
    """Give the session another title. Raises `InvalidMessage`."""
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE or storable(title) != title:
        message = f"title must have from 1 to {LONGEST_TITLE} plain characters."
        raise InvalidMessage({"title": message})
    session = branches.locked(session)
    session.title = title
    session.save(update_fields=["title"])
    log.append(session.stream_id, [TitleChanged(title=title)])
    return session


def allow(session: ChatSession, tools: Sequence[str]) -> None:
    """Let these tools of a session run without asking from now on; the session is locked."""
    session.auto_approve = sorted({*session.auto_approve, *tools})
    session.save(update_fields=["auto_approve"])
