"""Questions that build on the one before: "and by month?", "only for JFK", "as a percentage"."""

import re
from collections.abc import Mapping, Sequence

from agents.chats import Turn
from agents.data.querying import Database
from agents.offline.answering import changes
from agents.offline.answering.confidence import judge
from agents.offline.answering.lexicon_fillers import STOP
from agents.offline.answering.linking import Item, Linker
from agents.offline.answering.logic import Logical
from agents.offline.answering.names import Names
from agents.offline.answering.reading import Reading
from agents.offline.answering.schema import Schema
from agents.offline.answering.understanding import RULES, Understanding
from agents.offline.answering.values import Values
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import clean, tokens

# What a question begins with that is no question by itself.
LEADS = re.compile(
    r"^(and|what about|how about|now|only|just|same|but|then|instead|also|by|per|for|in|on|from|"
    r"sort|order|top|bottom|as|without|reverse|the other|make it|show it|break|split|group|"
    r"excluding|except|limit|with|to|flip|descending|ascending|per cent|percent|where|drop|remove|"
    r"exclude|add|include|ok|okay|or|not|the same|all of|no)\b"
)
POINTING = re.compile(r"\b(it|them|those|these|that|this|the same|the result|instead)\b")
WHY = re.compile(
    r"^(but |and |so )?(why( is (that|this|it)( so)?)?|explain( (that|this|it))?( please)?( to me)?|"
    r"how (did|do) you (get|know|find|calculate|compute|work out) (that|this|it)|"
    r"how (is|was) (that|this|it) (calculated|computed|worked out)|"
    r"what does (that|this|it) mean|show( me)? the (sql|query)|how so|how come|"
    r"where does (that|this|it) come from|are you sure)\W*$"
)
LONGEST = 14  # words


def explains(question: str) -> bool:
    """Whether it is asked how the last answer came about."""
    return WHY.match(question.lower().strip()) is not None


def last_query(history: Sequence[Turn]) -> Logical | None:
    """Return the logical query of the newest turn that has one."""
    for turn in reversed(history):
        kept = turn.memory.get("query")
        if kept:
            return Logical.model_validate(kept)
    return None


def may_follow(question: str) -> bool:
    """Whether a question may be no question by itself."""
    text = question.lower().strip()
    if len(text.split()) > LONGEST:
        return False
    return LEADS.match(text) is not None or POINTING.search(text) is not None


def follow(
    question: str, before: Logical, schema: Schema, database: Database, choices: Mapping[str, str]
) -> Understanding | None:
    """Return the query before with what the question changes; None if it changes nothing."""
    words = tokens(clean(question))
    names = Names(schema)
    items = Linker(names, Values(schema, database, words), words).items()
    for item in items:
        _quiet(item)
    reading = Reading(items, schema, names, before.base, choices)
    reading.preferred = [one.field for one in before.where]
    for rule in RULES:
        rule(reading)
    query, is_changed = before, False
    for change in changes.CHANGES:
        found = change(reading, query)
        query, is_changed = found or query, is_changed or found is not None
    if not is_changed:
        return None
    changes.settle(reading)
    confidence = judge(reading, query)
    used = " ".join(item.text.lower() for item in reading.items if item.is_used)
    return Understanding(
        query=query,
        confidence=confidence,
        notes=("built on the question before", *reading.notes),
        reasons=tuple(why for _, why in reading.factors),
        doubts=tuple(one for one in reading.doubts if one.phrase in used),
        known=1,
        is_partial=reading.is_partial,
    )


QUIET = (
    frozenset(
        words_of("""
now instead same only just then also please again it them those that this reverse flip other
way round around result sort order sorted show add include break down make split
""")
    )
    | STOP
)


def _quiet(item: Item) -> None:
    """Take the words that only say that something changes as understood."""
    if item.text.lower() in QUIET and not item.is_name and not item.values:
        item.is_used = item.cue is None or item.cue.kind in ("list", "which", "any")
