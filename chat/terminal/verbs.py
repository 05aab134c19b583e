"""What each word after `cairn chat` does. Each function returns the exit code."""

from agents.data.dictionary import dictionary
from agents.data_model import DataModel
from chat import actions, branches, shapes
from chat import listing as lists
from chat.actions import Wish
from chat.exceptions import ChatError, NotReady
from chat.terminal import documents, finding, following, listing
from chat.terminal.talking import Talk
from files.exceptions import Refused
from runs.terminal import exits, products
from runs.terminal.exits import CommandFailed
from runs.terminal.following import working
from runs.terminal.terminal import Terminal, Verb

MOST_LISTED = 1000
REFUSALS = (ChatError, Refused)
products.register(following.PRODUCT)


def chat(terminal: Terminal) -> int:
    return WORDS[terminal.given.word](terminal)


def new(terminal: Terminal) -> int:
    """Start a chat, watch its data being profiled, then ask."""
    given = terminal.given
    if given.files and given.demo:
        raise CommandFailed("Name files or --demo, not both.")
    wish = Wish(
        title=given.title,
        files=documents.kept(given.files, terminal.user),
        demo=given.demo,
        mode="act" if given.act else "plan",
        engine=given.engine,
    )
    with working():
        session = actions.start_session(wish, by=terminal.user)
        terminal.screen.result("session_accepted", shapes.summary(session))
        key = str(session.pk)[:8]
        terminal.screen.say(f"Chat {key} for {terminal.user}. Ctrl-C detaches.", "dim")
        return _talk(terminal, Talk(terminal, session))


def _talk(terminal: Terminal, talk: Talk) -> int:
    if code := talk.settle():
        return code
    if questions := getattr(terminal.given, "ask", ()):
        return talk.all(questions)
    return talk.loop() if terminal.manner.asks else exits.OK


def open_(terminal: Terminal) -> int:
    """Go on with a chat, beginning with what it waits for."""
    session = finding.own_session(terminal.user, terminal.given.name)
    with working():
        return _talk(terminal, Talk(terminal, session))


def ask(terminal: Terminal) -> int:
    """Ask one question, after what the session is still busy with."""
    given = terminal.given
    session = finding.own_session(terminal.user, given.name)
    files = documents.kept(given.file, terminal.user)
    with working():
        talk = Talk(terminal, session)
        return talk.settle() or talk.ask(given.question, branch=given.branch, files=files)


def follow(terminal: Terminal) -> int:
    session = finding.session(terminal.user, terminal.given.name)
    with working():
        return following.follow_session(terminal, session, after=max(0, terminal.given.after))


def list_(terminal: Terminal) -> int:
    given = terminal.given
    found = lists.search(terminal.user, given.search)
    rows = lists.rows(list(found[: min(MOST_LISTED, max(1, given.limit))]))
    told = [shapes.summary(one.session, one.state.value) for one in rows]
    if given.json:
        return terminal.dump(told)
    listing.sessions(terminal.screen, told)
    return exits.OK


def show(terminal: Terminal) -> int:
    given = terminal.given
    session = finding.session(terminal.user, given.name)
    if given.model:
        return _show_model(terminal, session.data_set.model)
    branch = branches.find(session, given.branch) if given.branch else session.active_branch
    said = listing.transcript(session, branch)
    if given.json:
        return terminal.dump({**shapes.session(session), "messages": said})
    listing.conversation(terminal.screen, session, branch, said)
    return exits.OK


def _show_model(terminal: Terminal, model: dict[str, object] | None) -> int:
    if model is None:
        raise NotReady("The data is not profiled yet; wait until it is.")
    if terminal.given.json:
        return terminal.dump(model)
    terminal.screen.say(dictionary(DataModel.recorded(model)).rstrip())
    return exits.OK


WORDS: dict[str, Verb] = {
    "new": new,
    "open": open_,
    "ask": ask,
    "follow": follow,
    "list": list_,
    "show": show,
}
VERBS: dict[str, Verb] = {"chat": chat}
