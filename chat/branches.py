"""Branches: which messages a conversation consists of, and how it parts and comes together.

Each change is one transaction with the events that tell of it.
"""

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q

from chat import texts
from chat.events import BranchCreated, BranchMerged, BranchSwitched, MessageAdded
from chat.exceptions import InvalidMessage, UnknownBranch
from chat.models import Branch, ChatSession, Message, MessageQuerySet
from streams import log
from streams.models import Stream

LONGEST_NAME = 100
MOST_BRANCHES = 200


def path(branch: Branch) -> list[tuple[Branch, int | None]]:
    """Return the branches a conversation runs through, the oldest first, each with the last turn
    that counts; None for the branch itself, of which all turns do.
    """
    steps: list[tuple[Branch, int | None]] = [(branch, None)]
    last: int | None = None
    while branch.parent is not None:
        last = branch.fork_turn if last is None else min(last, branch.fork_turn)
        branch = branch.parent
        steps.append((branch, last))
    return steps[::-1]


def messages(branch: Branch) -> MessageQuerySet:
    """Return a conversation's messages in order, with those before its branch parted."""
    wanted = Q(pk=None)
    for one, last in path(branch):
        own = Q(branch=one)
        wanted |= own if last is None else own & Q(turn__lte=last)
    return Message.objects.shown().filter(wanted).select_related("created_by").order_by()


def in_order(found: MessageQuerySet) -> MessageQuerySet:
    return found.order_by("turn", "created_at", "pk")


def find(session: ChatSession, name: str) -> Branch:
    """Return a branch by its id or name. Raises `UnknownBranch`."""
    branches = Branch.objects.select_related("parent").filter(session=session)
    try:
        found = branches.filter(pk=uuid.UUID(name)).first()
    except ValueError:
        found = branches.filter(name=name).first()
    if found is None:
        raise UnknownBranch("The session has no such branch.")
    return found


def locked(session: ChatSession) -> ChatSession:
    """Return the session's row, held until commit: one change of a conversation at a time.

    Its stream first, as everybody does who writes to it: run, gate, stream, session.
    """
    Stream.objects.select_for_update().get(pk=session.stream_id)
    return ChatSession.objects.select_for_update().get(pk=session.pk)


@transaction.atomic
def create(
    session: ChatSession, *, by: User, parent: Branch, fork_turn: int, name: str = ""
) -> Branch:
    """Part a branch from another after a turn; 0 leaves nothing of it. Raises `InvalidMessage`."""
    session = locked(session)
    count = session.branches.count()
    if count >= MOST_BRANCHES:
        raise InvalidMessage({"name": f"A session has at most {MOST_BRANCHES} branches."})
    name = " ".join(name.split()) or f"branch {count + 1}"
    if len(name) > LONGEST_NAME or not name.isprintable():
        message = f"name may have at most {LONGEST_NAME} printable characters."
        raise InvalidMessage({"name": message})
    if session.branches.filter(name=name).exists():
        raise InvalidMessage({"name": f"There is a branch called {name!r} already."})
    if not 0 <= fork_turn <= session.turns:
        raise InvalidMessage({"from_message": "The session has no such turn."})
    branch = Branch.objects.create(
        session=session, name=name, parent=parent, fork_turn=fork_turn, created_by=by
    )
    event = BranchCreated(
        branch=str(branch.pk),
        name=name,
        parent=str(parent.pk),
        fork_turn=fork_turn,
        by=by.get_username(),
    )
    log.append(session.stream_id, [event])
    return branch


@transaction.atomic
def fork(session: ChatSession, *, by: User, after: Message | None = None, name: str = "") -> Branch:
    """Part a branch after a message's turn, or from the end of the branch that is shown."""
    session = locked(session)
    if after is None:
        parent, turn = session.active_branch, session.turns
    else:
        parent, turn = after.branch, after.turn
    return create(session, by=by, parent=parent, fork_turn=turn, name=name)


@transaction.atomic
def switch(session: ChatSession, branch: Branch, *, by: User) -> None:
    """Show and continue another branch."""
    changed = ChatSession.objects.filter(pk=session.pk).exclude(branch=branch).update(branch=branch)
    if changed:
        event = BranchSwitched(branch=str(branch.pk), by=by.get_username())
        log.append(session.stream_id, [event])


@transaction.atomic
def merge(
    session: ChatSession,
    source: Branch,
    target: Branch,
    *,
    by: User,
    only: Sequence[uuid.UUID] | None = None,
) -> int:
    """Add copies of a branch's own messages to the end of another; return how many turns came.

    With `only`, the turns of these messages are picked. Raises `InvalidMessage`.
    """
    session = locked(session)
    if source.pk == target.pk:
        raise InvalidMessage({"source": "A branch cannot be merged into itself."})
    found = in_order(messages(source))
    known = set(messages(target).values_list("pk", flat=True))
    chosen = [one for one in found if one.pk not in known and one.role != Message.Role.SYSTEM]
    if only is not None:
        turns = {one.turn for one in chosen if one.pk in set(only)}
        chosen = [one for one in chosen if one.turn in turns]
    settled = [one for one in chosen if one.status != Message.Status.STREAMING]
    if not settled:
        raise InvalidMessage({"messages": "There is nothing to merge."})
    count = _copy(session, settled, target, by)
    event = BranchMerged(
        branch=str(target.pk),
        source=str(source.pk),
        how="append" if only is None else "cherry_pick",
        turns=count,
        by=by.get_username(),
    )
    log.append(session.stream_id, [event])
    return count


def _copy(session: ChatSession, chosen: list[Message], target: Branch, by: User) -> int:
    """Write copies with turns of their own, in the order of the originals."""
    turns = {
        old: new for new, old in enumerate(sorted({m.turn for m in chosen}), session.turns + 1)
    }
    ChatSession.objects.filter(pk=session.pk).update(turns=F("turns") + len(turns))
    written = texts.of([one.pk for one in chosen])
    for one in chosen:
        copy = Message.objects.create(
            session=session,
            branch=target,
            turn=turns[one.turn],
            role=one.role,
            status=one.status,
            parts=one.parts,
            memory=one.memory,
            created_by=one.created_by,
        )
        event = MessageAdded(
            message_id=copy.pk,
            role=one.role,
            turn=copy.turn,
            branch=str(target.pk),
            by=one.created_by.get_username() if one.created_by else "",
            copied_from=one.pk,
            content=written[one.pk].text,
        )
        log.append(session.stream_id, [event])
    return len(turns)
