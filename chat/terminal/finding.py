"""Find the chat that somebody names."""

from django.contrib.auth.models import User

from chat import access
from chat.models import ChatSession
from runs.terminal.exits import CommandFailed
from runs.terminal.naming import LAST, key, one


def session(user: User, name: str) -> ChatSession:
    """Return a chat by its id, or the one used last. Raises `CommandFailed`."""
    visible = ChatSession.objects.visible_to(user)
    found = visible.select_related("data_set", "created_by", "stream", "branch")
    if name == LAST:
        newest = found.order_by("-updated_at", "-pk").first()
        if newest is None:
            raise CommandFailed("There is no chat yet: cairn chat new starts one.")
        return newest
    return one(found.filter(pk__startswith=key(name)), name, "chat")


def own_session(user: User, name: str) -> ChatSession:
    """Return a chat that the user may write in. Raises `CommandFailed`."""
    found = session(user, name)
    if not access.may_write(user, found):
        raise CommandFailed("Only the chat's owner may write in it.", code=1)
    return found
