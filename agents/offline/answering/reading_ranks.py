"""The largest and the smallest: "top 5 airlines by delay", "the heaviest car", "most flights"."""

from agents.offline.answering.lexicon_adjectives import ADJECTIVES, SUPERLATIVES, measured_by
from agents.offline.answering.linking import Item
from agents.offline.answering.names import Match
from agents.offline.answering.nouns import by_nouns, pick_noun
from agents.offline.answering.reading import Rank, Reading
from agents.offline.answering.reading_measures import number_field

MOST_COUNT = 1000
QUALITY = {"best": True, "worst": False, "better": True, "worse": False}
EXTREMES = {
    "highest": True, "lowest": False, "maximum": True, "minimum": False, "max": True, "min": False,
}  # fmt: skip
BUSY = {"busiest": True, "quietest": False}
DEGREES = ("most", "least", "more", "less")


def read_ranks(reading: Reading) -> None:
    for place, item in enumerate(reading.items):
        rank = None if item.is_used else _rank(reading, place, item)
        if rank is None:
            continue
        reading.use(place)
        _count(reading, rank)
        _claim(reading, rank)
        before = reading.ranks[-1] if reading.ranks else None
        if before is not None and before.word == "top" and place - before.place <= 3:
            rank.count = max(rank.count, before.count)
            reading.ranks.pop()
        reading.ranks.append(rank)
    for place, item in enumerate(reading.items):
        if not reading.ranks and not item.is_used:
            _extreme(reading, place, item)
    for place in range(1, len(reading.items)):
        if reading.word(place - 1) == "how" and reading.items[place].adjective:
            _how(reading, place)


def _how(reading: Reading, place: int) -> None:
    """Read "how wide is the widest sepal" and "how long are the bills"."""
    item = reading.items[place]
    nouns, _ = measured_by(item.adjective)
    if any(set(rank.nouns) & set(nouns) for rank in reading.ranks):
        item.is_used = True
        return
    after = reading.item(reading.after(place))
    if after is None or not after.columns or after.is_used or after.cue is not None:
        return
    both = by_nouns(reading, nouns, after.text.lower().split())
    if both:
        item.is_used = True
        after.columns = [Match(one.place, 1.0, True) for one in both[:1]]


def _claim(reading: Reading, rank: Rank) -> None:
    """Read "widest sepals" as the largest sepal width."""
    after = reading.after(rank.place)
    item = reading.item(after)
    if not rank.nouns or item is None or not item.columns or item.is_used or item.cue:
        return
    if any(name == reading.base and score > 0.9 for name, score in item.tables):
        return
    both = by_nouns(reading, rank.nouns, item.text.lower().split())
    choice = pick_noun(reading, f"{rank.word} {item.text}", both, largest=rank.descending)
    if choice is not None:
        item.is_used = True
        rank.field = choice.field


def _extreme(reading: Reading, place: int, item: Item) -> None:
    """Read "the lowest temperature", a column's name as well, and "reach its maximum"."""
    word = item.text.lower().split()[0]
    if item.columns and word in EXTREMES and len(item.text.split()) > 1:
        others = reading.cues("aggregate", "mean", "sum", "median", "deviation", "correlation")
        field = number_field(reading, place) if not others else None
        if field is not None:
            reading.use(place)
            reading.ranks.append(Rank(place, EXTREMES[word], word, field=field))
    elif item.is_cue("aggregate", "max", "min") and _asks_which(reading, place):
        reading.use(place)
        reading.ranks.append(Rank(place, item.is_cue("aggregate", "max"), "highest"))


def _asks_which(reading: Reading, place: int) -> bool:
    """Whether it is asked what has the maximum, and not what it is."""
    for asked in reading.where(lambda item: item.is_cue("which") or item.is_cue("when")):
        after = reading.item(asked + 1)
        names = after is not None and (after.is_name or bool(after.unit))
        if asked < place and (reading.word(asked) == "when" or names):
            return True
    return False


def _rank(reading: Reading, place: int, item: Item) -> Rank | None:
    word = item.text.lower().removeprefix("the ")
    if word in QUALITY and word in SUPERLATIVES | {"worst", "best"}:
        nouns = ADJECTIVES[word][0]
        return Rank(place, QUALITY[word], word, kind="quality", nouns=nouns)
    if word in BUSY:
        return Rank(place, BUSY[word], word, kind="count")
    if item.is_cue("superlative") and item.cue is not None:
        argument = item.cue.argument
        if argument in ("common", "rare"):
            return Rank(place, argument == "common", word, kind="count")
        if argument in ("first", "last"):
            return Rank(place, argument == "last", word, kind="time")
        return _degree(reading, place, word, descending=argument == "desc")
    if item.adjective in SUPERLATIVES and not item.values:
        nouns, largest = ADJECTIVES[item.adjective]
        return Rank(place, largest, word, nouns=nouns)
    return None


def _degree(reading: Reading, place: int, word: str, *, descending: bool) -> Rank:
    """Read "most expensive" and "least efficient" as one word."""
    after = reading.item(place + 1)
    if word in DEGREES and after is not None and after.adjective in ADJECTIVES:
        after.is_used = True
        nouns, largest = ADJECTIVES[after.adjective]
        return Rank(place, largest == descending, after.adjective, nouns=nouns)
    return Rank(place, descending, word)


def _count(reading: Reading, rank: Rank) -> None:
    """Find how many are asked for, and from which place on: "top 5", "second highest"."""
    for beside in (rank.place + 1, rank.place - 1, rank.place - 2):
        item = reading.item(beside)
        if item is None or item.is_used:
            continue
        if item.text.endswith("%"):
            return
        if item.number is not None and item.period is None and item.number == int(item.number):
            rank.count = max(1, min(int(item.number), MOST_COUNT))
            item.is_used = True
            return
        if item.is_cue("ordinal") and item.cue is not None and beside < rank.place:
            rank.offset = int(item.cue.argument[1:]) - 1
            item.is_used = True
            return
        if item.is_known and not item.is_cue("which") and beside < rank.place:
            break
    _count_apart(reading, rank)


def _count_apart(reading: Reading, rank: Rank) -> None:
    """Read the number of "which 3 carriers operate the most flights"."""
    for place in range(rank.place):
        item = reading.items[place]
        is_number = item.number is not None and item.period is None and not item.is_used
        before = reading.item(place - 1)
        after = reading.item(place + 1)
        if not is_number or after is None or not (after.is_name or after.unit):
            continue
        starts = before is None or before.is_stop or before.is_cue("which") or before.is_cue("list")
        if starts and item.number is not None and item.number == int(item.number):
            rank.count = max(1, min(int(item.number), MOST_COUNT))
            item.is_used = True
            return
