"""What the words of names may also be called: abbreviations, units, and words of one meaning."""

from agents.offline.answering.word_lists import words_of

# Each alternative is one or more words that a person may write for the abbreviation.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "acct": ("account",),
    "acc": ("acceleration", "account"),
    "accel": ("acceleration",),
    "addr": ("address",),
    "alt": ("altitude",),
    "amt": ("amount",),
    "approx": ("approximate",),
    "arr": ("arrival", "arriving"),
    "attn": ("attention",),
    "avg": ("average", "mean"),
    "bal": ("balance",),
    "bldg": ("building",),
    "cal": ("calories",),
    "cap": ("capacity",),
    "capita": ("person", "head"),
    "cat": ("category",),
    "cnt": ("count",),
    "co": ("company",),
    "conc": ("concentration",),
    "cust": ("customer",),
    "cyl": ("cylinders",),
    "del": ("delivery",),
    "dep": ("departure", "departing"),
    "dept": ("department",),
    "desc": ("description",),
    "dest": ("destination",),
    "dewp": ("dew point", "dewpoint"),
    "diff": ("difference",),
    "disp": ("displacement",),
    "dist": ("distance", "district"),
    "dob": ("date of birth", "birth date", "birthday"),
    "dst": ("daylight saving time",),
    "dt": ("date",),
    "dur": ("duration",),
    "emp": ("employee",),
    "est": ("estimated", "estimate"),
    "exp": ("expectancy", "experience", "expenses"),
    "faa": ("airport code", "faa code"),
    "freq": ("frequency",),
    "gdp": ("gross domestic product",),
    "geo": ("geographic",),
    "gov": ("government",),
    "hp": ("horsepower",),
    "hr": ("hour", "heart rate"),
    "hrs": ("hours",),
    "humid": ("humidity",),
    "inc": ("income",),
    "lang": ("language",),
    "lat": ("latitude",),
    "len": ("length",),
    "lng": ("longitude",),
    "loc": ("location",),
    "lon": ("longitude",),
    "long": ("longitude",),
    "max": ("maximum", "highest", "high"),
    "mfr": ("manufacturer",),
    "min": ("minimum", "lowest", "low"),
    "mins": ("minutes",),
    "mo": ("month",),
    "mpg": ("miles per gallon", "fuel economy", "fuel efficiency", "mileage"),
    "msrp": ("price",),
    "mt": ("mount",),
    "nat": ("nationality",),
    "no": ("number",),
    "num": ("number",),
    "obs": ("observation",),
    "occ": ("occupation",),
    "ord": ("order",),
    "orig": ("original", "origin"),
    "pct": ("percent", "percentage", "share"),
    "perc": ("percent", "percentage"),
    "percap": ("per capita", "per person", "per head"),
    "pop": ("population",),
    "pos": ("position",),
    "precip": ("precipitation", "rainfall", "rain"),
    "pres": ("pressure", "president"),
    "prod": ("product", "production"),
    "prob": ("probability",),
    "qty": ("quantity",),
    "ref": ("reference",),
    "reg": ("region",),
    "rev": ("revenue",),
    "sched": ("scheduled",),
    "std": ("standard deviation",),
    "sqft": ("square feet", "area"),
    "tailnum": ("tail number", "plane"),
    "tel": ("telephone",),
    "temp": ("temperature",),
    "tmax": ("maximum temperature", "max temperature"),
    "tmin": ("minimum temperature", "min temperature"),
    "tot": ("total",),
    "tz": ("time zone", "timezone"),
    "tzone": ("time zone", "timezone"),
    "univ": ("university",),
    "visib": ("visibility",),
    "vol": ("volume",),
    "wgt": ("weight",),
    "wt": ("weight",),
    "wind": ("wind speed",),
    "yr": ("year",),
}
# The other way round: what is spelt out in a name may be shortened in a question.
SHORT_FORMS: dict[tuple[str, ...], str] = {
    tuple(text.split()): short
    for short, texts in ABBREVIATIONS.items()
    for text in texts[:1]
    if len(short) > 1
}

# Words of which a person may write any for any other. Small on purpose: a wrong synonym is worse
# than none. Each pair is a weaker match than the name itself.
SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "airline carrier",
        "plane aircraft airplane",
        "car automobile vehicle",
        "movie film",
        "sex gender",
        "country nation",
        "city town",
        "company firm",
        "customer client buyer",
        "employee worker staff",
        "salary pay wage earnings",
        "revenue turnover",
        "price cost",
        "temperature temp",
        "precipitation rainfall rain",
        "weight mass",
        "type kind category",
        "manufacturer maker make brand",
        "destination dest",
        "height altitude elevation",
        "writer author",
        "grade score mark",
        "harvest yield",
        "job occupation profession",
        "gasoline gas fuel",
        "death fatality casualty",
        "area neighborhood neighbourhood",
        "location place",
        "site location",
        "dewpoint dewp",
        "gust gusts",
        "wage wages",
    )
)

UNITS = frozenset(
    words_of("""
mm cm m km in inch inches ft foot feet mi mile miles g kg mg lb lbs pound pounds ton tons oz
s sec secs second seconds min mins minute minutes h hr hrs hour hours ms c f celsius
fahrenheit kelvin degree degrees usd eur gbp dollar dollars euro euros pct percent mph kmh
kph knots hpa mbar bar kwh mwh gwh mw gw l litre litres liter liters ml gallon gallons mb gb
tb year years yr yrs day days week weeks month months people person persons inhabitants residents unit units cc
cubic square sq ounces grams gram kilogram kilograms millimeter millimeters millimetre
millimetres meter meters metre metres kilometers kilometres bushels acre acres
""")
)
# A unit at the end of a name is not part of what people call the column.
NAME_UNITS = UNITS - {"year", "years", "day", "days", "week", "month", "hour", "hours", "min"} - {
    "people", "person", "minute", "second", "miles", "unit", "units", "mile", "gallon", "h",
}  # fmt: skip
WEAK_NAME_WORDS = frozenset(
    words_of("""
id code key no num number person people head in of the per and a is has on at was total value values name col
""")
)
