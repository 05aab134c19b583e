"""What English words and phrases ask for, whatever the data is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase asks for: a kind, and which one of it."""

    kind: str
    argument: str = ""


def _cues(kind: str, **arguments: str) -> dict[tuple[str, ...], Cue]:
    return {
        tuple(phrase.strip().split()): Cue(kind, argument.rstrip("_"))
        for argument, phrases in arguments.items()
        for phrase in phrases.split("|")
    }


SIGNS: dict[tuple[str, ...], Cue] = {
    (">",): Cue("compare", ">"),
    ("<",): Cue("compare", "<"),
    (">=",): Cue("compare", ">="),
    ("<=",): Cue("compare", "<="),
    ("=",): Cue("compare", "="),
    ("==",): Cue("compare", "="),
    ("!=",): Cue("compare", "!="),
    ("<>",): Cue("compare", "!="),
}
_GT = (
    "more than|over|above|greater than|larger than|bigger than|higher than|exceeding|exceeds|"
    "exceed|exceeded|upwards of|better than|beyond|surpassing|bigger then|more then|greater then"
)
_LT = (
    "less than|fewer than|under|below|lower than|smaller than|worse than|less then|fewer then|"
    "beneath"
)
_GE = "at least|no less than|not less than|no fewer than|minimum of|a minimum of|at minimum"
_LE = "at most|up to|no more than|not more than|maximum of|a maximum of|at maximum|at the most"
COMPARISONS = {
    phrase: Cue("compare", operator)
    for operator, text in ((">", _GT), ("<", _LT), (">=", _GE), ("<=", _LE))
    for phrase in (tuple(one.split()) for one in text.split("|"))
} | {
    tuple(phrase.split()): Cue("compare", "=")
    for phrase in ("exactly", "equal to", "equals", "equal", "precisely")
}

CUES: dict[tuple[str, ...], Cue] = {
    **SIGNS,
    **COMPARISONS,
    **_cues(
        "aggregate",
        count="how many|number of|count of|count|how often|how frequently|total number of|"
        "total count of|the number of|counts|counts of|tally|tally of|numbers of|"
        "total number|number|frequency of|how many times|overall number of|total count|"
        "count up|how numerous",
        mean="average|avg|mean|on average|typical|typically|in the mean|mean value of|averaged|"
        "average value of|averages|usual|usually|in average",
        sum="total|sum|in total|overall|altogether|sum of|combined|total amount of|totals|"
        "summed|sum up|cumulative|total of|all together|aggregate",
        median="median|middle value of|50th percentile of|median value of",
        deviation="standard deviation|std|stddev|standard deviation of|st dev|std dev|stdev|sd|"
        "variability|variability of",
        max="maximum|max|maximal|maximum value of|peak|record high",
        min="minimum|min|minimal|minimum value of|record low",
        range="range|range of|spread of|spread",
        share="share|percentage|percent|proportion|fraction|percentage of|share of|proportion of|"
        "fraction of|percent of|what part of|%|% of|pct|pct of|portion of|portion|percentages|"
        "shares|proportions|part of",
        correlation="correlation|correlated|correlate|correlates|correlation of|related|"
        "relationship|association|associated|correlation coefficient|relation|connection|linked",
        describe="statistics|statistics for|statistics of|summary statistics|stats|stats for|"
        "stats of|summary of|summarize|summarise|summarize the|descriptive statistics",
        ratio="ratio|ratio of",
        missing="missing|missing values|null|nulls|null values|empty|blank|blanks|nan|na|"
        "missing data|missing entries|incomplete|not available|not recorded|n a|empty values|"
        "unrecorded|absent|empty cells",
        duplicates="duplicates|duplicate|duplicated|duplicate rows|duplicated rows|"
        "duplicate records|duplicate entries|repeated rows",
        outliers="outliers|outlier|anomalies|anomaly",
        distribution="distribution|distribution of|histogram|histogram of|distributed|"
        "breakdown|breakdown of|break down of|frequency distribution of|distributions|split of|"
        "frequencies of|make up|makeup of",
    ),
    **_cues(
        "distinct", distinct="distinct|unique|different|various|separate|distinct values of"
    ),
    **_cues(
        "superlative",
        desc="highest|largest|biggest|greatest|most|top|largest number of|highest number of|"
        "greatest number of|biggest number of|the most|maximum number of|most number of|"
        "highest count of|leading|most number of|highest amount of|largest amount of",
        asc="lowest|smallest|least|fewest|bottom|lowest number of|smallest number of|"
        "fewest number of|least number of|minimum number of|slightest",
        common="most common|most frequent|most often|most frequently|commonest|most commonly|"
        "most popular|most prevalent|most numerous|most represented|most widespread|"
        "most used|appears most|occurs most|appear most|occur most",
        rare="least common|rarest|least frequent|least often|least popular|least frequently|"
        "rare",
        first="first|earliest",
        last="last|latest|most recent|newest|most recently",
    ),
    **_cues(
        "group",
        each="by|per|for each|each|for every|every|across|in each|grouped by|group by|"
        "broken down by|split by|within each|of each|among|each of the|for all|"
        "for the different|for each of the|by each|from each|on each|at each|"
        "across all|for each one of the|for various|according to|separated by|"
        "in every|of every|with each|to each|depending on|between the|break down by|"
        "for each kind of|segmented by|for different|in the different|"
        "across the|across different|by the|segment by|for all the|aggregated by|per each|"
        "across the different|divided by|for every single",
    ),
    **_cues(
        "order",
        by="sorted by|ordered by|sort by|order by|ranked by|rank by|in order of|sort them by|"
        "arranged by|rank|sorted in order of|order them by|ranking by|by order of|ranking of",
    ),
    **_cues(
        "direction",
        asc="ascending|ascending order|in ascending order|from lowest to highest|increasing order|"
        "lowest first|smallest first|from smallest to largest|asc|from low to high",
        desc="descending|descending order|in descending order|from highest to lowest|"
        "decreasing order|highest first|largest first|from largest to smallest|desc|"
        "from high to low",
    ),
    **_cues("between", between="between|from"),
    **_cues(
        "not",
        not_="not|except|excluding|other than|without|no|non|except for|excluding the|apart from|"
        "neither|nor|but not|not from|outside|aside from|besides|outside of|exclude|ignoring|"
        "not in|not including|leaving out",
    ),
    **_cues("which", which="which|what|who|whose", where="where", when="when"),
    **_cues(
        "list",
        list="list|show|display|give|find|name|get|print|see|return|list all|show all|fetch|"
        "tell|report|which ones|identify|provide|enumerate|view|look up|pull|show me",
    ),
    **_cues("any", any="any|are there any|is there any|is there|are there|does any|do any"),
    **_cues(
        "trend",
        trend="trend|trends|over time|over the time|evolve|evolved|evolution|develop|developed|"
        "change|changed|changes|time series|over the years|over the months|through time|"
        "through the years|over the year|across time|trend of|trend in|developing|"
        "over the course of|throughout the year|with time|throughout",
    ),
    **_cues(
        "compare_groups",
        compare="compare|comparison|versus|vs|difference|differ|compared|differences|"
        "difference in|compared to|compared with|in comparison|comparison of|contrast|comparing|"
        "differs|differ in|than",
    ),
    **_cues("influence", influence="affect|influence|impact|depend|depends|effect|affects"),
    **_cues("average_line", above="above average|above the average|above the mean|"
            "higher than average|more than average|greater than average|"
            "than average|than the average|higher than the average|greater than the average|"
            "more than the average|above the overall average|above mean|over the average",
            below="below average|below the average|below the mean|lower than average|"
            "less than average|lower than the average|less than the average|"
            "smaller than the average|under the average|below the overall average"),
    **_cues("or_more", ge="or more|or higher|or above|or greater|or longer|or over|or later|"
            "and above|and over|or larger|or better|and up|plus|or heavier",
            le="or less|or fewer|or lower|or below|or under|or shorter|or smaller|or earlier|"
            "and below|and under"),
    **_cues("ordinal", **{f"n{place}_": f"{word}|{digits}" for place, word, digits in (
        (2, "second", "2nd"), (3, "third", "3rd"), (4, "fourth", "4th"), (5, "fifth", "5th"),
    )}),
}  # fmt: skip

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
    ("fast faster fastest quick quicker quickest", "speed velocity mph acceleration", True),
    ("slow slower slowest", "speed velocity mph acceleration", False),
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
SUPERLATIVES = frozenset(
    word for words, _, _ in _ADJECTIVES for word in words.split() if word.endswith("st")
)
# "How heavy is ...", "how much does ... weigh": questions after a measure.
HOW = frozenset(ADJECTIVES)
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
UNITS_OF_TIME = {
    "hour": "hour",
    "hourly": "hour",
    "day": "day",
    "daily": "day",
    "date": "day",
    "week": "week",
    "weekly": "week",
    "month": "month",
    "monthly": "month",
    "quarter": "quarter",
    "quarterly": "quarter",
    "year": "year",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
    "decade": "decade",
    "weekday": "weekday",
}
ADVERBS_OF_TIME = frozenset(
    ["hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annual", "annually"]
)
ROW_NOUNS = frozenset(
    [
        "row",
        "record",
        "entry",
        "observation",
        "item",
        "case",
        "line",
        "datapoint",
        "sample",
        "instance",
        "measurement",
    ]
)
STOP = frozenset(
    [
        "a",
        "about",
        "above",
        "actually",
        "all",
        "also",
        "am",
        "an",
        "and",
        "are",
        "as",
        "at",
        "available",
        "be",
        "been",
        "being",
        "both",
        "but",
        "can",
        "could",
        "data",
        "dataset",
        "database",
        "did",
        "do",
        "does",
        "doing",
        "done",
        "during",
        "either",
        "for",
        "from",
        "had",
        "has",
        "have",
        "having",
        "i",
        "if",
        "in",
        "included",
        "including",
        "into",
        "is",
        "it",
        "its",
        "just",
        "kindly",
        "let",
        "many",
        "me",
        "may",
        "much",
        "my",
        "of",
        "off",
        "on",
        "only",
        "or",
        "our",
        "out",
        "over",
        "please",
        "same",
        "shall",
        "should",
        "so",
        "some",
        "such",
        "table",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "time",
        "to",
        "too",
        "us",
        "value",
        "values",
        "was",
        "we",
        "were",
        "will",
        "with",
        "would",
        "you",
        "your",
        "s",
        "whole",
        "entire",
        "entirety",
        "current",
        "given",
        "please",
        "want",
        "know",
        "like",
        "need",
        "question",
        "tell",
        "show",
        "here",
        "one",
        "ones",
        "when",
        "how",
        "who",
        "whom",
        "by",
        "per",
        "set",
        "file",
        "records",
        "rows",
        "record",
        "row",
        "entries",
        "observations",
        "each",
        "every",
        "they'd",
        "dear",
        "hi",
        "hello",
        "hey",
        "thanks",
        "thank",
        "ok",
        "okay",
        "so",
        "well",
        "now",
        "ever",
        "recorded",
        "reported",
        "found",
        "listed",
        "observed",
        "measured",
        "contained",
        "contain",
        "contains",
        "got",
        "get",
        "exist",
        "exists",
        "shown",
        "seen",
        "registered",
        "belong",
        "belongs",
        "present",
        "occurred",
        "occur",
        "occurs",
        "happened",
        "happen",
        "happens",
        "made",
        "make",
        "makes",
        "come",
        "comes",
        "came",
        "take",
        "takes",
        "took",
        "while",
        "which",
        "what",
        "where",
        "whose",
        "been",
        "having",
        "get",
        "gets",
        "got",
        "amount",
        "average",
        "level",
        "levels",
        "figure",
        "figures",
        "overall",
        "information",
        "info",
        "details",
        "detail",
        "result",
        "results",
        "whether",
        "exactly",
        "really",
        "my",
        "particular",
        "corresponding",
        "respective",
        "respectively",
        "any",
        "single",
        "individual",
        "between",
        "across",
        "within",
        "among",
        "compare",
        "compared",
        "vs",
        "versus",
        "using",
        "based",
        "according",
        "terms",
        "term",
        "regarding",
        "concerning",
        "(",
        ")",
        ".",
        ",",
        ";",
        ":",
        "?",
        "!",
        "&",
        "approximately",
        "around",
        "roughly",
        "different",
        "various",
        "type",
        "kind",
        "sort",
        "were't",
        "question",
        "answer",
        "calculate",
        "compute",
        "determine",
        "work",
        "out",
        "see",
        "look",
        "find",
        "return",
        "give",
        "list",
        "name",
        "yes",
        "no",
        "more",
        "less",
        "than",
    ]
)
