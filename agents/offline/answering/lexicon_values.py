"""Words for values that are written differently in data: "Japanese" for Japan, "rainy" for rain."""

from collections.abc import Iterator

from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words

_DEMONYMS = """
african africa|american usa,us,united states,america,americas,united states of america|
asian asia|australian australia|austrian austria|belgian belgium|brazilian brazil|
british uk,united kingdom,great britain,britain,gb|canadian canada|chilean chile|chinese china|
czech czech republic,czechia|danish denmark|dutch netherlands|egyptian egypt|english england|
european europe|finnish finland|french france|german germany|greek greece|hungarian hungary|
icelandic iceland|indian india|indonesian indonesia|irish ireland|israeli israel|italian italy|
japanese japan|korean korea,south korea|mexican mexico|nigerian nigeria|norwegian norway|
oceanian oceania|pakistani pakistan|polish poland|portuguese portugal|romanian romania|
russian russia|scottish scotland|spanish spain|swedish sweden|swiss switzerland|
thai thailand|turkish turkey|ukrainian ukraine|vietnamese vietnam|
man male,m|woman female,f|male m|female f|boy male|girl female|
us usa,united states|usa us,united states|america usa,us,united states|uk united kingdom
"""
DEMONYMS: dict[str, tuple[str, ...]] = {
    entry.split(maxsplit=1)[0]: tuple(entry.split(maxsplit=1)[1].split(","))
    for entry in " ".join(_DEMONYMS.split()).split("|")
    if entry.strip()
}


_STATES = """
alabama al|alaska ak|arizona az|arkansas ar|california ca|colorado co|connecticut ct|delaware
de|florida fl|georgia ga|hawaii hi|idaho id|illinois il|indiana in|iowa ia|kansas ks|kentucky
ky|louisiana la|maine me|maryland md|massachusetts ma|michigan mi|minnesota mn|mississippi
ms|missouri mo|montana mt|nebraska ne|nevada nv|new hampshire nh|new jersey nj|new mexico nm|new
york ny|north carolina nc|north dakota nd|ohio oh|oklahoma ok|oregon or|pennsylvania pa|rhode
island ri|south carolina sc|south dakota sd|tennessee tn|texas tx|utah ut|vermont vt|virginia
va|washington wa|west virginia wv|wisconsin wi|wyoming wy|district of columbia dc|puerto rico pr
"""
STATES: dict[str, str] = {
    entry.rpartition(" ")[0]: entry.rpartition(" ")[2]
    for entry in " ".join(_STATES.split()).split("|")
}
# Words of so many names that one of them alone names nothing.
COMMON_PARTS = frozenset(
    words_of("""
north south east west northern southern eastern western new old great big upper lower central
saint port lake city county island national international regional municipal airport field air
inc company corp group rep republic islands river valley park general
""")
)

# Columns in which the adjective of a country, or a word for a sex, may be meant.
PLACES = frozenset(
    words_of("""
country nation nationality continent region origin state location place area territory market
citizenship birthplace residence
""")
)
SEXES = frozenset({"sex", "gender"})
PEOPLE = frozenset({"man", "woman", "male", "female", "boy", "girl"})


def fits(kind: str, column: str) -> bool:
    """Whether adjectives of a kind may be meant in a column of that name."""
    words = set(name_words(column))
    if kind == "place":
        return bool(words & PLACES)
    if kind == "state":
        return "state" in words
    return kind != "sex" or bool(words & SEXES)


def adjective_forms(word: str) -> Iterator[tuple[str, str]]:
    """Yield the nouns of which the word may be the adjective, each with its kind."""
    if word in STATES:
        yield STATES[word], "state"
    kind = "sex" if word in PEOPLE else "place"
    yield from ((text.strip(), kind) for text in DEMONYMS.get(word, ()))
    if len(word) > 4 and word.endswith("y"):
        stem = word[:-1]
        yield stem, ""
        if stem[-1] == stem[-2]:
            yield stem[:-1], ""
        if stem.endswith("l"):
            yield f"{stem}e", ""
