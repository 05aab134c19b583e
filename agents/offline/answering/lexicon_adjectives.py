"""Adjectives and verbs that speak of a measure: what they measure, and in which direction."""

# Adjectives: superlative or comparative forms -> (the nouns they measure, largest first?).
_ADJECTIVES = (
    ("heavy heavier heaviest", "weight mass heaviness", True),
    ("light lighter lightest", "weight mass", False),
    ("long longer longest", "length distance duration time runtime", True),
    ("short shorter shortest", "length distance duration time runtime height", False),
    ("tall taller tallest", "height altitude elevation", True),
    ("high higher", "altitude elevation height", True),
    ("low lower", "altitude elevation height", False),
    ("old older oldest eldest", "age", True),
    ("young younger youngest", "age", False),
    ("hot hotter hottest warm warmer warmest", "temperature temp heat", True),
    ("cold colder coldest cool cooler coolest", "temperature temp", False),
    ("wet wetter wettest rainy rainier rainiest", "precipitation rainfall rain humidity", True),
    ("dry drier driest dryer", "precipitation rainfall rain humidity", False),
    ("windy windier windiest", "wind", True),
    ("calm calmer calmest", "wind", False),
    ("humid", "humidity", True),
    ("fast faster fastest quick quicker quickest", "speed velocity mph", True),
    ("slow slower slowest", "speed velocity mph", False),
    ("expensive costly costlier costliest pricey priciest", "price cost amount fare fee", True),
    ("cheap cheaper cheapest affordable", "price cost amount fare fee", False),
    ("large larger big bigger", "size area population volume capacity", True),
    ("small smaller", "size area population volume capacity", False),
    ("rich richer richest wealthy wealthier wealthiest", "gdp income wealth salary revenue", True),
    ("poor poorer poorest", "gdp income wealth salary", False),
    ("powerful strong stronger strongest", "horsepower power strength magnitude", True),
    ("weak weaker weakest", "horsepower power strength magnitude", False),
    ("efficient economical", "mpg efficiency economy mileage", True),
    ("deep deeper deepest", "depth", True),
    ("shallow shallower shallowest", "depth", False),
    ("wide wider widest broad", "width", True),
    ("narrow narrower narrowest", "width", False),
    ("thick thicker thickest", "thickness depth", True),
    ("thin thinner thinnest", "thickness depth", False),
    ("profitable", "profit margin", True),
    ("populous populated", "population", True),
    ("loud louder loudest", "loudness volume", True),
    ("late later delayed", "delay lateness", True),
    ("punctual", "delay lateness", False),
    ("good better best", "rating score grade", True),
    ("bad worse worst", "rating score grade", False),
    ("bright brighter brightest", "brightness luminosity", True),
    ("far farther furthest farthest further distant", "distance", True),
    ("close closer closest near nearer nearest", "distance", False),
    ("productive", "production yield output", True),
    ("northern northernmost", "latitude", True),
    ("southern southernmost", "latitude", False),
    ("eastern easternmost", "longitude", True),
    ("western westernmost", "longitude", False),
)
ADJECTIVES: dict[str, tuple[tuple[str, ...], bool]] = {
    word: (tuple(nouns.split()), largest)
    for words, nouns, largest in _ADJECTIVES
    for word in words.split()
}
# Forms that compare, and so may stand before "than".
COMPARATIVES = frozenset(
    word for words, _, _ in _ADJECTIVES for word in words.split() if word.endswith("er")
) | {"worse", "better", "longer", "later", "further"}
MORE_OR_LESS = frozenset({"more", "less", "fewer"})
SUPERLATIVES = frozenset(
    word for words, _, _ in _ADJECTIVES for word in words.split() if word.endswith("st")
)
VERBS: dict[str, tuple[str, ...]] = {
    "weigh": ("weight", "mass"),
    "weighs": ("weight", "mass"),
    "weighed": ("weight", "mass"),
    "cost": ("price", "cost", "fare"),
    "costs": ("price", "cost", "fare"),
    "earn": ("salary", "income", "revenue"),
    "earns": ("salary", "income", "revenue"),
    "rain": ("precipitation", "rainfall"),
    "rained": ("precipitation", "rainfall"),
    "last": ("duration", "length"),
    "delayed": ("delay",),
}


def measured_by(word: str) -> tuple[tuple[str, ...], bool]:
    """Return the nouns that an adjective or a verb speaks of, and whether more means larger."""
    return ADJECTIVES[word] if word in ADJECTIVES else (VERBS[word], True)
