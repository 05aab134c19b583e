"""Words for values that are written differently in data: "Japanese" for Japan, "rainy" for rain."""

from collections.abc import Iterator

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


def adjective_forms(word: str) -> Iterator[str]:
    """Yield the nouns of which the word may be the adjective."""
    yield from (text.strip() for text in DEMONYMS.get(word, ()))
    if len(word) > 4 and word.endswith("y"):
        stem = word[:-1]
        yield stem
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        if stem.endswith("l"):
            yield f"{stem}e"
