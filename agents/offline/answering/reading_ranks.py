"""The largest and the smallest: "top 5 airlines by delay", "the heaviest car", "most flights"."""

from agents.offline.answering.lexicon import ADJECTIVES, SUPERLATIVES
from agents.offline.answering.linking import Item
from agents.offline.answering.reading import Rank, Reading

SUPERLATIVE_VERBS = ("most", "least")


def read_ranks(reading: Reading) -> None:
    for place, item in enumerate(reading.items):
        if item.is_used:
            continue
        rank = _rank(reading, place, item)
        if rank is not None:
            _count(reading, rank)
            reading.use(place)
            reading.ranks.append(rank)


def _rank(reading: Reading, place: int, item: Item) -> Rank | None:
    word = item.text.lower()
    if item.is_cue("superlative"):
        argument = item.cue.argument if item.cue else ""
        if argument in ("common", "rare"):
            return Rank(place, argument == "common", kind="count", word=word)
        if argument in ("first", "last"):
            return Rank(place, argument == "last", kind="time", word=word)
        after = place + 1
        if word in SUPERLATIVE_VERBS and after < len(reading.items):
            adjective = reading.items[after].adjective
            if adjective:
                reading.use(after)
                nouns, largest = ADJECTIVES[adjective]
                return Rank(place, largest == (argument == "desc"), nouns=nouns, word=adjective)
        return Rank(place, argument == "desc", word=word)
    if item.adjective in SUPERLATIVES:
        nouns, largest = ADJECTIVES[item.adjective]
        return Rank(place, largest, nouns=nouns, word=word)
    return None


def _count(reading: Reading, rank: Rank) -> None:
    """Find how many are asked for, and from which place on: "top 5", "second highest"."""
    for beside in (rank.place + 1, rank.place - 1):
        if 0 <= beside < len(reading.items):
            item = reading.items[beside]
            if item.number is not None and item.number == int(item.number) and not item.is_used:
                rank.count = max(1, min(int(item.number), 1000))
                rank.is_plural = True
                reading.use(beside)
                return
            if item.is_cue("ordinal") and item.cue is not None and beside < rank.place:
                rank.offset = int(item.cue.argument[1:]) - 1
                reading.use(beside)
                return
