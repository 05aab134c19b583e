"""What the words in a column's name say about how its values may be worked with."""

from agents.offline.answering.lexicon_names import ABBREVIATIONS
from agents.offline.answering.schema import Place
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words, singular

# Values of which a total makes sense, unless a word of the second list is there as well.
ADDITIVE = frozenset(
    words_of("""
amount total count sale revenue turnover quantity passenger population pop unit profit loss
precipitation precip rainfall rain snow snowfall production generation visitor death birth
killed injured employee job gross votes seat medal goal point emission consumption
output order download view click visit expense spending cost income tax export import cargo
passengers case tonnage budget earnings wounded casualty box_office net attendance
enrollment donation payment deposit withdrawal usage traffic ridership stock_count sold
acquired donated transaction volume workers employment
""")
)
NOT_ADDITIVE = frozenset(
    words_of("""
rate average avg mean median price age height weight mass length depth width temperature
temp score rating index speed pressure humidity expectancy capita percap percent percentage
pct share ratio per max min maximum minimum change growth rank position year id code
latitude longitude lat lon altitude
""")
)
# The largest is the worst: delays, costs.
WORSE_IF_LARGE = frozenset(
    words_of("""
delay price cost error defect emission pollution crime death mortality unemployment loss
debt risk wait accident fine fee late failure killed injured missing complaint
""")
)


def name_keys(place: Place) -> frozenset[str]:
    """Return the words of a column's name and what they are short for, in the singular."""
    found: set[str] = set()
    for word in name_words(place.column.name):
        found.add(singular(word))
        for text in ABBREVIATIONS.get(word, ()):
            found.update(map(singular, text.split()))
    return frozenset(found)


def is_additive(place: Place) -> bool:
    """Whether a total of the column is what people mean by "how much"."""
    words = set(map(singular, name_words(place.column.name)))
    for word in name_words(place.column.name):
        texts = ABBREVIATIONS.get(word, ())
        # An abbreviation of several words says nothing for sure.
        words |= {singular(texts[0])} if len(texts) == 1 else set()
    return bool(words & ADDITIVE) and not words & NOT_ADDITIVE


RATES = frozenset(
    words_of("""
per capita percap rate percent pct percentage average avg mean ratio index age temperature temp
latitude longitude year expectancy score rating
""")
)


def is_rate(place: Place) -> bool:
    """Whether adding the values up makes no sense, even if it is said."""
    return bool(set(map(singular, name_words(place.column.name))) & RATES)


def is_flag(place: Place) -> bool:
    """Whether the column says yes or no, as 0 and 1 or as a boolean."""
    column = place.column
    if column.kind == "boolean":
        return True
    return (
        place.is_number
        and column.distinct <= 2
        and (column.minimum, column.maximum) == (0, 1)
        and column.role != "time"
    )


def is_worse_if_large(place: Place) -> bool:
    return bool(name_keys(place) & WORSE_IF_LARGE)
