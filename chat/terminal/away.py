"""What each word after `cairn chat` does with a Cairn elsewhere. Each returns the exit code."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cairn_client.calls import MOST_LISTED
from cairn_client.shapes import Run
from chat.terminal import listing
from chat.terminal.talking import PROMPT
from runs.terminal import exits
from runs.terminal.away import Away, AwaySubject, AwayVerb
from runs.terminal.exits import CommandFailed
from runs.terminal.naming import LAST, key, only
from runs.terminal.products import COMMAND
from runs.terminal.text import one_line


class ReplySubject(AwaySubject):
    """A run of a session: it profiles the data, or answers."""

    def __init__(self, away: Away, session: str, run_id: UUID) -> None:
        super().__init__(away, run_id)
        self._session = session

    def tell(self, run: Run) -> None:
        for one in self.away.cairn.messages(self._session, limit=MOST_LISTED):
            if one["role"] == "assistant" and one["run_id"] == run["id"]:
                self.away.screen.result("message", dict(one))
        super().tell(run)


def _session(away: Away, name: str) -> str:
    """Return the id of a chat, by its beginning; `last` is the last used. Raises `CommandFailed`."""
    ids = [one["id"] for one in away.cairn.sessions(limit=1 if name == LAST else MOST_LISTED)]
    if name == LAST:
        return only(ids, name, "chat")
    start = key(name)
    if len(start) == len(str(UUID(int=0))):
        return start
    return only([one for one in ids if one.startswith(start)], name, "chat")


def _sent(away: Away, names: Sequence[str]) -> list[str]:
    paths = [Path(name).expanduser() for name in names]
    for path in paths:
        if not path.is_file():
            raise CommandFailed(f"There is no file {path}.")
    return [away.cairn.upload(path)["id"] for path in paths]


def _follow(away: Away, session: str, run_id: str) -> int:
    return away.follow(ReplySubject(away, session, UUID(run_id)), UUID(run_id))


def _ask(
    away: Away, session: str, text: str, *, branch: str = "", files: Sequence[str] = ()
) -> int:
    posted = away.cairn.post_message(session, text, branch=branch, files=files)
    return _follow(away, session, posted["run_id"])


def new(away: Away) -> int:
    """Start a chat, watch its data being profiled, then ask."""
    given = away.given
    if given.files and given.demo:
        raise CommandFailed("Name files or --demo, not both.")
    started = away.cairn.start_session(
        title=given.title,
        files=_sent(away, given.files),
        demo=given.demo,
        mode="act" if given.act else "plan",
        engine=given.engine,
    )
    away.screen.result("session_accepted", dict(started))
    away.screen.say(f"Chat {started['id'][:8]} at {away.url}. Ctrl-C detaches.", "dim")
    if code := _follow(away, started["id"], started["run_id"]):
        return code
    for question in given.ask:
        away.screen.say(f"{PROMPT}{one_line(question)}", "bold")
        if code := _ask(away, started["id"], question):
            return code
    return exits.OK if given.ask or not away.manner.asks else _talk(away, started["id"])


def open_(away: Away) -> int:
    return _talk(away, _session(away, away.given.name))


def _talk(away: Away, session: str) -> int:
    """Read questions until there are no more."""
    while True:
        try:
            text = away.console.ask(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            break
        if text in ("/quit", "/exit"):
            break
        if text and (code := _ask(away, session, text)) in (exits.WAITING, exits.DETACHED):
            return code
    away.screen.say(f"Go on with it: {COMMAND} chat open {session[:8]} --url {away.url}")
    return exits.OK


def ask(away: Away) -> int:
    given = away.given
    session = _session(away, given.name)
    files = _sent(away, given.file)
    return _ask(away, session, given.question, branch=given.branch or "", files=files)


def list_(away: Away) -> int:
    given = away.given
    found = away.cairn.sessions(search=given.search, limit=max(1, given.limit))
    if given.json:
        return away.dump(found)
    listing.sessions(away.screen, found)
    return exits.OK


WORDS: dict[str, AwayVerb] = {"new": new, "open": open_, "ask": ask, "list": list_}


def chat(away: Away) -> int:
    word = WORDS.get(away.given.word)
    if word is None:
        known = ", ".join(WORDS)
        given = away.given.word
        raise CommandFailed(f"cairn chat {given} works only where Cairn is; with --url: {known}.")
    return word(away)


VERBS: dict[str, AwayVerb] = {"chat": chat}
