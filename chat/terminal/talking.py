"""Ask, and watch the answer come."""

from collections.abc import Callable, Sequence
from uuid import UUID

from agents.data.dictionary import dictionary
from agents.data_model import DataModel
from chat import actions, branches, posting, references, states
from chat.exceptions import ChatError
from chat.models import ChatSession
from runs.models import Run
from runs.terminal import exits
from runs.terminal.products import COMMAND
from runs.terminal.terminal import Terminal
from runs.terminal.text import one_line

PROMPT = "you> "
HELP = (
    "Type a question; @name refers to a file. /act lets tools write files, /plan lets them only "
    "look, /model shows the data model, /files what @ can refer to, /quit leaves."
)


class Talk:
    """Somebody in a session of theirs."""

    def __init__(self, terminal: Terminal, session: ChatSession) -> None:
        self._terminal = terminal
        self._screen = terminal.screen
        self._session = session
        self._commands: dict[str, Callable[[], None]] = {
            "/help": lambda: self._screen.say(HELP),
            "/act": lambda: self._switch("act"),
            "/plan": lambda: self._switch("plan"),
            "/model": self._show_model,
            "/files": self._show_files,
        }

    def settle(self) -> int:
        """Follow what is at work, or waits for an answer; return an exit code."""
        while (run := self._next()) is not None:
            code = self._terminal.follow(run)
            if code not in (exits.OK, exits.UNSUCCESSFUL):
                return code
            if code and run.kind == "initialise":
                return code  # nothing can be answered
        return exits.OK

    def _next(self) -> Run | None:
        """Return the run that is at work or waits, or else the first of those that are queued."""
        found = Run.objects.filter(stream=self._session.stream_id, finished_at=None)
        return states.head(self._session) or found.order_by("begins_after", "created_at").first()

    def ask(self, text: str, *, branch: str | None = None, files: Sequence[UUID] = ()) -> int:
        """Post a question and follow its answer. Raises `ChatError`."""
        posted = posting.post_message(
            self._session,
            text,
            by=self._terminal.user,
            branch=branches.find(self._session, branch) if branch else None,
            files=files,
        )
        return self._terminal.follow(posted.run)

    def all(self, questions: Sequence[str]) -> int:
        """Ask one after the other; the first that is not answered says how it ended."""
        for question in questions:
            self._screen.say(f"{PROMPT}{one_line(question)}", "bold")
            if code := self.ask(question):
                return code
        return exits.OK

    def loop(self) -> int:
        """Read questions until there are no more; return an exit code."""
        key = str(self._session.pk)[:8]
        self._screen.say(f"{one_line(self._session.title)} ({self._session.mode}). /help helps.")
        while True:
            try:
                text = self._terminal.console.ask(PROMPT).strip()
            except (EOFError, KeyboardInterrupt):
                break
            if text in ("/quit", "/exit"):
                break
            code = self._do(text)
            if code in (exits.WAITING, exits.DETACHED):
                return code
        self._screen.say(f"Go on with it: {COMMAND} chat open {key}")
        return exits.OK

    def _do(self, text: str) -> int:
        if command := self._commands.get(text):
            command()
            return exits.OK
        if not text:
            return exits.OK
        try:
            return self.settle() or self.ask(text)
        except ChatError as error:
            self._screen.say(str(error), "error")
            return exits.OK

    def _switch(self, mode: str) -> None:
        self._session = actions.switch_mode(self._session, mode, by=self._terminal.user)
        self._screen.say(f"The mode is {mode} now.")

    def _show_model(self) -> None:
        self._session.data_set.refresh_from_db()
        model = self._session.data_set.model
        told = dictionary(DataModel.recorded(model)) if model else "It is not ready yet."
        self._screen.say(told)

    def _show_files(self) -> None:
        for path in references.entries(self._session) or ["There are none."]:
            self._screen.say(f"  {path}")
