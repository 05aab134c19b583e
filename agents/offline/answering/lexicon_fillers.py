"""Words that ask for nothing by themselves, words for time, and words for what no data can tell."""

from agents.offline.answering.word_lists import words_of

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
# Verbs and nouns that say little by themselves: they cost a little certainty, no more.
SOFT = frozenset(
    words_of("""
fly flies flew flown flying go goes going went gone travel travels traveled travelled depart
departs departed departing leave leaves left leaving arrive arrives arrived arriving land
landed landing operate operates operated operating serve serves served run runs ran carry
carried use uses used using live lives lived living grow grows grown grew work works worked
working sell sells sold buy bought build built produce produced made manufactured fall fell
start started begin began end ended spend spent cover covered covers fit sit sits stand
stands play played score scored win won world worldwide overall globally earth operating
located situated based came arrive headed heading bound reach reached spent achieve achieved
attain attained register recorded log logged weigh weighed weighs strongly closely
significantly usually normally generally typical typically historically ever so far today
collectively altogether roughly specifically data's given month's year's time's hit saw
code codes abbreviation place placed performed perform occurring occurred taking took become became got released published
introduced founded established opened need needs tend tends did seem seems appear appears
happen kept keep keeps hold holds held offer offers offered experience experienced
""")
)
# What no data set can tell: reasons, advice, the future.
BEYOND = frozenset(
    words_of("""
why should predict forecast prediction recommend recommendation advise cause causes caused
because reason reasons explain will tomorrow future likely probably happy happiest
""")
)
ROW_NOUNS = frozenset(
    words_of("""
row record entry observation item case line datapoint sample instance measurement
""")
)
STOP = frozenset(
    words_of("""
a about above actually all also am an and are as at available be been being both but can
could data dataset database did do does doing done during either for from had has have
having i if in included including into is it its just kindly let many me may much my of off
on only or our out over please same shall should so some such table than that the their them
then there these they this those through time to too us value values was we were will with
would you your s whole entire entirety current given please want know like need question
tell show here one ones when how who whom by per set file records rows record row entries
observations each every they'd dear hi hello hey thanks thank ok okay so well now ever
recorded reported found listed observed measured contained contain contains got get exist
exists shown seen registered belong belongs present occurred occur occurs happened happen
happens made make makes come comes came take takes took while which what where whose been
having get gets got amount average level levels figure figures overall information info
details detail result results whether exactly really my particular corresponding respective
respectively any single individual between across within among compare compared vs versus
using based according terms term regarding concerning ( ) . , ; : ? ! & approximately around
roughly different various type kind sort were't question answer calculate compute determine
work out see look find return give list name yes no more less than before after since until
till during onwards prior sorted ordered order sort arranged
""")
)
# Words for somebody: rows may be people, or a column may count them.
PEOPLE = frozenset(words_of("people person persons workers worker employees inhabitants residents"))
