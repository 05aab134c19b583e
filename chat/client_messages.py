"""Messages under a client's own ids: the same one, sent again, attaches to its reply.

The client names the chat, by a session's id or by a name of its own, and the message. Another
text under the same id is an edit; the same text is asked once more only where that is asked for.
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from chat import access, actions, posting, states
from chat.actions import Wish
from chat.models import ChatSession, Message
from chat.tasks import KINDS
from runs import resent
from runs.models import Run
from runs.resent import Sent


class NotAllowed(Exception):
    """Only the chat's owner may write in it."""


class Unknown(Exception):
    """There is no such chat for this user, and nothing says what a new one is about."""


class Waits(Exception):
    """The chat waits for a person's decision; a new message would wait behind it, unseen."""


def find(user: User, chat: str, scope: str) -> ChatSession | None:
    """Return a chat that the user may see: a session's id counts first, then a client's name."""
    visible = ChatSession.objects.visible_to(user).select_related("stream", "branch")
    try:
        found = visible.filter(pk=UUID(chat)).first()
    except ValueError:
        found = None
    return found or visible.filter(created_by=user, idempotency_key=_key(scope, chat)).first()


def _key(scope: str, chat: str) -> str:
    return resent.of_chat(f"{scope}-session", chat)


def current(session: ChatSession) -> Run | None:
    """Return the reply that goes on, or waits, or comes next."""
    unfinished = Run.objects.filter(stream=session.stream_id, finished_at=None, kind__in=KINDS)
    return unfinished.order_by("begins_after", "created_at").first()


@transaction.atomic
def attach_or_post(
    user: User,
    sent: Sent,
    *,
    wish: Wish | None,
    is_again: bool,
    reply: str,
    before_post: Callable[[], None],
) -> tuple[ChatSession, Run]:
    """Return the reply to a message, and its chat; both are started unless they are there.

    `wish` says what a new chat is about. With `is_again` the same is asked once more, unless
    `reply`, the message that is to be replaced, has been already. `before_post` may raise.
    Raises `NotAllowed`, `Unknown`, `Waits`, `InvalidMessage`; then nothing was posted.
    """
    # One request of a user at a time, so that two cannot both find nothing.
    User.objects.select_for_update().get(pk=user.pk)
    session = find(user, sent.chat, sent.scope)
    if session is not None and not access.may_write(user, session):
        raise NotAllowed
    run = resent.newest(user, sent)
    if (
        session is not None
        and run is not None
        and resent.is_meant(run, sent, is_again=is_again, reply=reply)
    ):
        return session, run
    if session is None and wish is None:
        raise Unknown
    before_post()
    if session is None:
        assert wish is not None
        key = _key(sent.scope, sent.chat)
        session = actions.start_session(wish, by=user, idempotency_key=key)
    if states.pending_gates(session):
        raise Waits
    return session, _post(session, sent, run, is_again, user)


def _post(session: ChatSession, sent: Sent, run: Run | None, is_again: bool, by: User) -> Run:
    key = resent.next_key(by, sent)
    before = _message(session, sent, run)
    if before is None:
        return posting.post_message(session, sent.text, by=by, idempotency_key=key).run
    text = None if is_again else sent.text
    return posting.edit_message(session, before, text, by=by, idempotency_key=key).run


def _message(session: ChatSession, sent: Sent, run: Run | None) -> Message | None:
    """Return the message that is edited or asked again: the client's own, or one of ours."""
    messages = session.messages.shown().filter(role=Message.Role.USER).select_related("branch")
    if run is not None:
        return messages.filter(run=run).first()
    try:
        return messages.filter(pk=UUID(sent.message)).first()
    except ValueError:
        return None
