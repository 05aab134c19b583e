"""What is followed of a chat: the answer to a question, or the whole session."""

from uuid import UUID

from chat import shapes, states
from chat.models import ChatSession, Message
from chat.terminal.words import REPLY, SESSION
from runs.terminal import exits
from runs.terminal.following import Follower
from runs.terminal.products import COMMAND, Product, RunSubject
from runs.terminal.terminal import Terminal
from runs.terminal.watching import Watcher


class ChatSubject(RunSubject):
    """A run of a session: it profiles the data, answers, or does a workflow."""

    def again(self, position: int) -> str:
        session = self.run.arguments["session"]
        return f"{COMMAND} chat follow {session[:8]} --after {position}"

    def tell(self) -> None:
        replies = self.run.messages.filter(role=Message.Role.ASSISTANT).order_by("created_at")
        for told in shapes.messages(replies.exclude(status=Message.Status.SUPERSEDED)):
            self.terminal.screen.result("message", told)
        super().tell()


class SessionSubject:
    """All of a session, which has no end of its own."""

    def __init__(self, session: ChatSession) -> None:
        self._session = session

    def working(self) -> UUID | None:
        head = states.head(self._session)
        return head.pk if head else None

    def again(self, position: int) -> str:
        return f"{COMMAND} chat follow {str(self._session.pk)[:8]} --after {position}"

    def ended(self) -> int:
        return exits.OK


PRODUCT = Product(
    kinds=frozenset({"initialise", "reply", "workflow"}), table=REPLY, subject=ChatSubject
)


def follow_session(terminal: Terminal, session: ChatSession, *, after: int) -> int:
    """Show what happens in a session until somebody detaches; return the exit code."""
    terminal.screen.table = SESSION
    watcher = Watcher(terminal.screen, session.stream_id, after=after)
    return Follower(terminal, watcher, SessionSubject(session)).follow()
