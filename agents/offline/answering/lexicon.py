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
        "summed|sum up|total of|all together|aggregate",
        median="median|middle value of|50th percentile of|median value of",
        deviation="standard deviation|std|stddev|standard deviation of|st dev|std dev|stdev|sd|"
        "variability|variability of",
        max="maximum|max|maximal|maximum value of|peak|record high",
        min="minimum|min|minimal|minimum value of|record low",
        range="range|range of|spread of|spread",
        difference="difference between highest and lowest|difference between the highest and lowest|"
        "difference between the highest and the lowest|difference between maximum and minimum|"
        "difference between the maximum and minimum|difference between max and min|"
        "difference between the maximum and the minimum|difference between largest and smallest|"
        "difference between the largest and smallest|difference between min and max|"
        "difference between the largest and the smallest|difference between lowest and highest",
        share="share|percentage|percent|proportion|fraction|percentage of|share of|proportion of|"
        "fraction of|percent of|what part of|%|% of|pct|pct of|portion of|portion|percentages|"
        "shares|proportions|part of",
        correlation="correlation|correlated|correlate|correlates|correlation of|related|"
        "relationship|association|associated|correlation coefficient|relation|connection|linked|go along with|"
        "goes along with|go together with|go hand in hand with|relate|relates|relate to|"
        "related to|correlated with|correlate with|linked to|connected to|connected",
        describe="statistics|statistics for|statistics of|summary statistics|stats|stats for|"
        "stats of|summary of|summarize|summarise|summarize the|descriptive statistics",
        ratio="ratio|ratio of",
        missing="missing|unknown|missing values|null|nulls|null values|empty|blank|blanks|nan|na|"
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
        "greatest number of|biggest number of|maximum number of|most number of|"
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
        "across the different|for every single",
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
    **_cues("which", which="which|what|who|whose|what kind of|which kind of|what type of|which type of", where="where", when="when"),
    **_cues(
        "list",
        list="list|show|display|give|find|name|get|print|see|return|list all|show all|fetch|"
        "tell|report|which ones|identify|provide|enumerate|view|look up|pull|show me",
    ),
    **_cues("any", any="any|are there any|is there any|is there|are there|does any|do any"),
    **_cues(
        "trend",
        trend="trend|trends|over time|over the time|evolve|evolved|evolution|develop|developed|"
        "change|changed|changes|time series|through time|across time|trend of|trend in|"
        "developing|over the course of|with time",
        year="over the years|through the years|from year to year|year by year|year over year|"
        "across the years|year on year|across years|over years",
        month="over the months|from month to month|month by month|month over month|"
        "over the year|throughout the year|across the months|through the year",
        week="over the weeks|week by week|from week to week",
        day="over the days|day by day|from day to day|day to day",
        hour="over the day|hour by hour|throughout the day|through the day",
    ),
    **_cues(
        "compare_groups",
        compare="compare|comparison|versus|vs|difference|differ|compared|differences|"
        "difference in|compared to|compared with|in comparison|comparison of|contrast|comparing|"
        "differs|differ in|than",
    ),
    **_cues("influence", influence="affect|influence|impact|depend|depends|effect|affects"),
    **_cues("recent", recent="recent|recently|lately|in recent times|these days"),
    **_cues("punctual", le="on time|on time or early|early or on time|punctual|punctually|on schedule",
            lt="early|ahead of schedule|too early", gt="late|delayed|behind schedule|too late"),
    **_cues("growth", up="grew|grow|grown|growth|increase|increased|rose|risen|gained|gain|"
            "increases|rise|went up|growth of|growth in|increase in|increase of|gained the|"
            "improve|improved|improvement",
            down="fell|fall|decrease|decreased|decline|declined|dropped|drop|shrank|lost|"
            "decrease in|decline in|drop in|went down|shrunk|fallen|decreases"),
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
