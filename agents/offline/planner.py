"""The planner: what an iteration works on, from the goal, the proposal, the comments and gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.offline import frameworks
from agents.offline.framework import Framework
from agents.offline.ledger import distinct_frameworks, open_gaps
from agents.offline.steering import Wish
from agents.offline.terms import content_words
from agents.plans import Document, Gap, IterateInput

MOST_FRAMEWORKS = 4
MOST_GAPS = 4


@dataclass(frozen=True)
class Assignment:
    """What one iteration does."""

    frameworks: tuple[Framework, ...]
    gaps: tuple[Gap, ...]  # of earlier iterations, to be looked at again
    documents: tuple[Document, ...]
    goal_words: tuple[str, ...]
    comment_words: tuple[str, ...]
    avoided: tuple[str, ...]
    preferred: tuple[str, ...]
    again: tuple[str, ...]  # frameworks that were applied before
    more_figures: bool
    focus: str


def assign(ask: IterateInput, wishes: Sequence[Wish]) -> Assignment:
    """Choose the frameworks, gaps, documents and words of an iteration."""
    chosen = _frameworks(ask, wishes)
    names = [framework.name for framework in chosen]
    gaps = [gap for gap in open_gaps(ask.earlier) if gap.framework not in names]
    again = set(distinct_frameworks(ask.earlier))
    words = tuple(dict.fromkeys(word for wish in wishes for word in wish.words))
    return Assignment(
        frameworks=chosen,
        gaps=tuple(gaps[:MOST_GAPS]),
        documents=_documents(ask, wishes),
        goal_words=content_words(ask.goal),
        comment_words=tuple(dict.fromkeys((*words, *ask.proposal.focus))),
        avoided=(*(word for wish in wishes for word in wish.avoided), *ask.proposal.avoid),
        preferred=tuple(id for wish in wishes for id in wish.preferred),
        again=tuple(name for name in names if name in again),
        more_figures=any(wish.more_figures for wish in wishes),
        focus=_focus(names, again, gaps[:MOST_GAPS], words),
    )


def _frameworks(ask: IterateInput, wishes: Sequence[Wish]) -> tuple[Framework, ...]:
    planned = ask.proposal.frameworks
    mine = planned[(ask.number - 1) % len(planned)] if planned else ()
    left_out = {name for wish in wishes for name in wish.left_out}
    forward = [name for wish in wishes for name in wish.forward]
    names = dict.fromkeys(name for name in (*forward, *mine) if name not in left_out)
    if not names or _was_pulled_forward(ask, names):
        names = dict.fromkeys(_next_ones(ask, left_out))
    known = (frameworks.known(name) for name in names)
    return tuple(framework for framework in known if framework)[:MOST_FRAMEWORKS]


def _was_pulled_forward(ask: IterateInput, names: Iterable[str]) -> bool:
    """Tell whether a comment has had all this done before its turn came."""
    done = set(distinct_frameworks(ask.earlier))
    before = {name for planned in ask.proposal.frameworks[: ask.number - 1] for name in planned}
    return all(name in done and name not in before for name in names)


def _next_ones(ask: IterateInput, left_out: set[str]) -> list[str]:
    """Return the next framework of the proposal, or else any, that was not applied yet."""
    done = {*distinct_frameworks(ask.earlier), *left_out}
    later = (name for planned in ask.proposal.frameworks[ask.number :] for name in planned)
    new = [name for name in (*later, *frameworks.GENERAL, *frameworks.BY_NAME) if name not in done]
    return new[:1] or [name for name in frameworks.BY_NAME if name not in left_out][:1]


def _documents(ask: IterateInput, wishes: Sequence[Wish]) -> tuple[Document, ...]:
    """Return the documents that the comments allow, of those that the proposal rests on."""
    only = {id for wish in wishes for id in wish.only}
    ignored = {id for wish in wishes for id in wish.ignored}
    sources = only or {
        document.id for document in ask.documents if document.id in ask.proposal.sources
    }
    return tuple(
        document
        for document in ask.documents
        if document.id not in ignored and (not sources or document.id in sources)
    )


def _focus(names: Sequence[str], again: set[str], gaps: Sequence[Gap], words: Sequence[str]) -> str:
    new = [name for name in names if name not in again]
    old = [name for name in names if name in again]
    parts = []
    if new:
        parts.append(f"apply {_listed(new)}")
    if old:
        parts.append(f"look for more evidence with {_listed(old)}")
    if gaps:
        parts.append(f"look again at {len(gaps)} gap{'s' if len(gaps) > 1 else ''}")
    about = f", with attention to {_listed(words[:6])}" if words else ""
    text = f"{_listed(parts)}{about}."
    return text[0].upper() + text[1:]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
