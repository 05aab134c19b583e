"""Orders without a limit: "sorted by weight", "ranked by number of flights", "ascending"."""

from agents.offline.answering.reading import Rank, Reading

RANKING = ("rank", "ranked by", "rank by", "ranking by", "ranking of")


def read_orders(reading: Reading) -> None:
    """Make a rank of all rows or groups of each word that asks for an order."""
    for place in reading.cues("order"):
        word = reading.word(place)
        if word == "rank" and place and not reading.has_cue("group"):
            continue  # a noun: "the rank of Brazil"
        reading.use(place)
        if not reading.ranks:
            descending = said_direction(reading, default=word in RANKING)
            reading.ranks.append(Rank(place, descending, word, count=0))


def said_direction(reading: Reading, *, default: bool) -> bool:
    """Return whether the largest comes first: as it is said, else the default."""
    for place in reading.cues("direction"):
        cue = reading.items[place].cue
        reading.use(place)
        return cue is not None and cue.argument == "desc"
    return default
