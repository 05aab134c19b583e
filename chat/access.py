"""Who may see and change sessions, and what is known of their messages."""

from uuid import UUID

from django.contrib.auth.models import User

from chat import states
from chat.models import ChatSession, Message
from streams import sources
from streams.views import Place


def may_write(user: User, session: ChatSession) -> bool:
    """Whether the user may post, branch and change settings: the owner alone."""
    return session.created_by_id == user.pk


def locate(pk: UUID, user: User) -> Place | None:
    """Return where a session's events are, for those who may see it."""
    session = ChatSession.objects.visible_to(user).filter(pk=pk).first()
    if session is None:
        return None
    return Place(stream_id=session.stream_id, state=states.current(session).value)


def message(message_id: UUID) -> sources.Written | None:
    """Tell of a message whether its text can still grow."""
    found = Message.objects.select_related("session").filter(pk=message_id).first()
    if found is None:
        return None
    return sources.Written(
        stream_id=found.session.stream_id,
        is_complete=found.status != Message.Status.STREAMING,
    )


def connect() -> None:
    sources.connect_messages(message)
