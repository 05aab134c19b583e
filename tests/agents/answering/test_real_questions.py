"""Questions about real data sets, each with the SQL that gives what is right."""

from functools import partial
from typing import Any

import pytest

from agents.contract import Flag
from agents.data.querying import Database
from tests.agents.answering.shop import real
from tests.agents.answering.talking import ask
from tests.agents.answering.test_questions import holds

CARS = [
    ("do heavier cars have lower mpg", "SELECT corr(Weight_in_lbs, Miles_per_Gallon) FROM cars"),
    ("heaviest japanese car",
     "SELECT max(Weight_in_lbs) FROM cars WHERE Origin = 'Japan'"),
    ("average mpg of cars except those from the USA",
     "SELECT avg(Miles_per_Gallon) FROM cars WHERE Origin <> 'USA'"),
    ("how many toyotas", "SELECT count(*) FROM cars WHERE contains(Name, 'toyota ')"),
    ("avg horsepower of 4 cylinder cars vs 8 cylinder cars",
     "SELECT Cylinders, avg(Horsepower) FROM cars WHERE Cylinders IN (4, 8) GROUP BY 1"),
    ("how many cars per origin and number of cylinders",
     "SELECT Origin, Cylinders, count(*) FROM cars GROUP BY 1, 2"),
    ("for each origin, which car has the highest mpg",
     "SELECT arg_max(Name, Miles_per_Gallon) FROM cars GROUP BY Origin"),
    ("difference between the highest and lowest mpg",
     "SELECT max(Miles_per_Gallon) - min(Miles_per_Gallon) FROM cars"),
    ("rank origins by average weight", "SELECT Origin, avg(Weight_in_lbs) FROM cars GROUP BY 1"),
    ("show cars ordered by horsepower", "SELECT Name, Horsepower FROM cars"),
    ("distribution of origin", "SELECT Origin, count(*) FROM cars GROUP BY 1"),
    ("how did mpg change over time", "SELECT avg(Miles_per_Gallon) FROM cars GROUP BY Year"),
    ("what is the horsepower of the ford pinto",
     "SELECT avg(Horsepower) FROM cars WHERE Name = 'ford pinto'"),
    ("cars with horsepower over 200 and weight under 4000",
     "SELECT Name FROM cars WHERE Horsepower > 200 AND Weight_in_lbs < 4000"),
    ("how many cars were neither american nor japanese",
     "SELECT count(*) FROM cars WHERE Origin NOT IN ('USA', 'Japan')"),
    ("is there any car from Europe with over 130 horsepower",
     "SELECT count(*) FROM cars WHERE Origin = 'Europe' AND Horsepower > 130"),
    ("average mpg of cars sorted by origin descending", "SELECT Origin, avg(Miles_per_Gallon) FROM cars GROUP BY 1"),
    ("the cars with above average horsepower from Europe", "SELECT Name FROM cars WHERE Origin = 'Europe' AND Horsepower > (SELECT avg(Horsepower) FROM cars)"),
    ("how many cars have no more than 4 cylinders", "SELECT count(*) FROM cars WHERE Cylinders <= 4"),
    ("how many cars have 150 or more horsepower", "SELECT count(*) FROM cars WHERE Horsepower >= 150"),
    ("show 5 cars from Japan", "SELECT Name FROM cars WHERE Origin = 'Japan' LIMIT 5"),
    ("which origins and years have cars with over 200 horsepower", "SELECT DISTINCT Origin, Year FROM cars WHERE Horsepower > 200"),
    ("yearly number of cars from Japan", "SELECT Year, count(*) FROM cars WHERE Origin = 'Japan' GROUP BY 1"),
    ("how many cars weigh more than 2 tons", "SELECT count(*) FROM cars WHERE Weight_in_lbs > 2e6 / 453.59237"),
]  # fmt: skip
PENGUINS = [
    ("how many adelies are on Biscoe",
     "SELECT count(*) FROM penguins WHERE species = 'Adelie' AND island = 'Biscoe'"),
    ("what percentage of the penguins weigh over 5 kg",
     "SELECT 100.0 * count(*) FILTER (body_mass_g > 5000) / count(*) FROM penguins"),
    ("How long are the bills of Adelie penguins on average?",
     "SELECT avg(bill_length_mm) FROM penguins WHERE species = 'Adelie'"),
    ("number of males and females", "SELECT sex, count(*) FROM penguins WHERE sex IS NOT NULL GROUP BY 1"),
    ("body mass range for each species",
     "SELECT species, min(body_mass_g), max(body_mass_g) FROM penguins GROUP BY 1"),
    ("smallest and largest flipper length per species",
     "SELECT species, min(flipper_length_mm), max(flipper_length_mm) FROM penguins GROUP BY 1"),
    ("do males weigh more than females?",
     "SELECT sex, avg(body_mass_g) FROM penguins WHERE sex IS NOT NULL GROUP BY 1"),
    ("which species has the longest flippers",
     "SELECT species FROM penguins GROUP BY 1 ORDER BY avg(flipper_length_mm) DESC LIMIT 1"),
    ("how many penguins have unknown sex", "SELECT count(*) FROM penguins WHERE sex IS NULL"),
    ("distribution of body mass", "SELECT count(*) FROM penguins GROUP BY floor(body_mass_g / 250)"),
    ("heaviest penguin of each species", "SELECT species, max(body_mass_g) FROM penguins GROUP BY 1"),
    ("share of penguins by island", "SELECT island, 100.0 * count(*) / 344 FROM penguins GROUP BY 1"),
    ("what is the bill length range", "SELECT min(bill_length_mm), max(bill_length_mm) FROM penguins"),
    ("how many missing values are in sex", "SELECT count(*) FROM penguins WHERE sex IS NULL"),
    ("how many penguins weigh under 3000 grams", "SELECT count(*) FROM penguins WHERE body_mass_g < 3000"),
    ("correlation between bill length and depth of the bill by species", "SELECT species, corr(bill_length_mm, bill_depth_mm) FROM penguins GROUP BY 1"),
]  # fmt: skip
GAPMINDER = [
    ("how many people lived in China in 2007",
     "SELECT pop FROM gapminder WHERE country = 'China' AND year = 2007"),
    ("second most populous country in 1992",
     "SELECT country FROM gapminder WHERE year = 1992 ORDER BY pop DESC LIMIT 1 OFFSET 1"),
    ("compare the life expectancy of India and China over time",
     "SELECT year, country, lifeExp FROM gapminder WHERE country IN ('India', 'China')"),
    ("which countries lost population between 1992 and 2007",
     "SELECT country FROM gapminder WHERE year BETWEEN 1992 AND 2007 GROUP BY 1 "
     "HAVING arg_max(pop, year) < arg_min(pop, year)"),
    ("average life expectancy per continent in the 1990s",
     "SELECT continent, avg(lifeExp) FROM gapminder WHERE year BETWEEN 1990 AND 1999 GROUP BY 1"),
    ("top 3 countries of each continent by gdp per capita in 2007",
     "SELECT country FROM gapminder WHERE year = 2007 QUALIFY row_number() OVER "
     "(PARTITION BY continent ORDER BY gdpPercap DESC) <= 3"),
    ("In which year was the population of India above 1 billion?",
     "SELECT year FROM gapminder WHERE country = 'India' AND pop > 1e9"),
    ("life expectancy since 1990 in Japan",
     "SELECT avg(lifeExp) FROM gapminder WHERE country = 'Japan' AND year >= 1990"),
    ("how many countries in the last 10 years",
     "SELECT count(DISTINCT country) FROM gapminder WHERE year > 1997"),
    ("when was the first year", "SELECT min(year) FROM gapminder"),
    ("population growth of Rwanda between 1987 and 1992", "SELECT arg_max(pop, year) - arg_min(pop, year) FROM gapminder WHERE country = 'Rwanda' AND year BETWEEN 1987 AND 1992"),
    ("did life expectancy rise between 1987 and 1992", "SELECT year, avg(lifeExp) FROM gapminder WHERE year BETWEEN 1987 AND 1992 GROUP BY 1"),
    ("countries with a life expectancy of at least 80 in 2007", "SELECT country FROM gapminder WHERE year = 2007 AND lifeExp >= 80"),
]  # fmt: skip
WEATHER = [
    ("how many days did it rain in 2012",
     "SELECT count(*) FROM seattle_weather WHERE weather = 'rain' AND year(date) = 2012"),
    ("how much rain fell in january 2012",
     "SELECT sum(precipitation) FROM seattle_weather WHERE date BETWEEN '2012-01-01' AND '2012-01-31'"),
    ("how many days had no precipitation",
     "SELECT count(*) FROM seattle_weather WHERE precipitation = 0"),
    ("hottest day of each year",
     "SELECT max(temp_max) FROM seattle_weather GROUP BY year(date)"),
    ("was it windier in 2013 or 2014",
     "SELECT avg(wind) FROM seattle_weather WHERE year(date) IN (2013, 2014) GROUP BY year(date)"),
    ("how many foggy days in december",
     "SELECT count(*) FROM seattle_weather WHERE weather = 'fog' AND month(date) = 12"),
    ("what was the lowest temperature", "SELECT min(temp_min) FROM seattle_weather"),
    ("which weekday has the most rain",
     "SELECT isodow(date) FROM seattle_weather GROUP BY 1 ORDER BY sum(precipitation) DESC LIMIT 1"),
    ("max temperature on Christmas 2014",
     "SELECT temp_max FROM seattle_weather WHERE date = '2014-12-25'"),
    ("average wind on weekends",
     "SELECT avg(wind) FROM seattle_weather WHERE isodow(date) IN (6, 7)"),
    ("total precipitation in the last 30 days",
     "SELECT sum(precipitation) FROM seattle_weather WHERE date > '2015-12-01'"),
    ("how many days before March 2012", "SELECT count(*) FROM seattle_weather WHERE date < '2012-03-01'"),
    ("average wind through June 2012",
     "SELECT avg(wind) FROM seattle_weather WHERE date <= '2012-06-30'"),
    ("mean precipitation from November to February",
     "SELECT avg(precipitation) FROM seattle_weather WHERE month(date) IN (11, 12, 1, 2)"),
    ("monthly total precipitation in 2012", "SELECT sum(precipitation) FROM seattle_weather WHERE year(date) = 2012 GROUP BY month(date)"),
    ("how many days were warmer than 30 degrees in summer 2015", "SELECT count(*) FROM seattle_weather WHERE temp_max > 30 AND date BETWEEN '2015-06-01' AND '2015-08-31'"),
    ("trend of wind by quarter", "SELECT avg(wind) FROM seattle_weather GROUP BY date_trunc('quarter', date)"),
    ("distribution of dates", "SELECT count(*) FROM seattle_weather GROUP BY date_trunc('month', date)"),
    ("how did the number of days with snow change over the years", "SELECT count(*) FROM seattle_weather WHERE weather = 'snow' GROUP BY year(date)"),
    ("windiest month on average", "SELECT date_trunc('month', date)::DATE FROM seattle_weather GROUP BY 1 ORDER BY avg(wind) DESC LIMIT 1"),
]  # fmt: skip
STOCKS = [
    ("when did AAPL reach its maximum", "SELECT date FROM stocks WHERE symbol = 'AAPL' ORDER BY price DESC LIMIT 1"),
    ("how much did AAPL grow from 2005 to 2009",
     "SELECT arg_max(price, date) - arg_min(price, date) FROM stocks WHERE symbol = 'AAPL' "
     "AND year(date) BETWEEN 2005 AND 2009"),
    ("price of all stocks on 2008-01-01", "SELECT symbol, price FROM stocks WHERE date = '2008-01-01'"),
    ("all AMZN prices in 2009", "SELECT date, price FROM stocks WHERE symbol = 'AMZN' AND year(date) = 2009"),
    ("last 3 prices of AAPL",
     "SELECT date, price FROM stocks WHERE symbol = 'AAPL' ORDER BY date DESC LIMIT 3"),
    ("how many months was GOOG above 500", "SELECT count(*) FROM stocks WHERE symbol = 'GOOG' AND price > 500"),
    ("Which stock had the lowest price ever?", "SELECT symbol FROM stocks ORDER BY price LIMIT 1"),
    ("which stock fell the most in 2008",
     "SELECT symbol FROM stocks WHERE year(date) = 2008 GROUP BY 1 "
     "ORDER BY arg_max(price, date) - arg_min(price, date) LIMIT 1"),
]  # fmt: skip
FLIGHTS = [
    ("how many flights from JFK to LAX", "SELECT count(*) FROM flights WHERE origin = 'JFK' AND dest = 'LAX'"),
    ("how many flights did Delta operate in July",
     "SELECT count(*) FROM flights WHERE carrier = 'DL' AND month = 7"),
    ("flights per day of the week",
     "SELECT count(*) FROM flights GROUP BY isodow(make_date(year, month, day))"),
    ("average arrival delay between 1 July and 15 July",
     "SELECT avg(arr_delay) FROM flights WHERE month = 7 AND day BETWEEN 1 AND 15"),
    ("how many flights arrived more than 2 hours late", "SELECT count(*) FROM flights WHERE arr_delay > 120"),
    ("percentage of flights that arrived on time",
     "SELECT 100.0 * count(*) FILTER (arr_delay <= 0) / count(*) FROM flights"),
    ("number of flights with arrival delay greater than departure delay",
     "SELECT count(*) FROM flights WHERE arr_delay > dep_delay"),
    ("average number of seats of the planes used by JetBlue",
     "SELECT avg(seats) FROM flights JOIN planes USING (tailnum) WHERE carrier = 'B6'"),
    ("how many airlines have more than 10,000 flights?",
     "SELECT count(*) FROM (SELECT 1 FROM flights GROUP BY carrier HAVING count(*) > 10000)"),
    ("median number of flights per day",
     "SELECT median(n) FROM (SELECT count(*) n FROM flights GROUP BY month, day)"),
    ("average departure delay after June", "SELECT avg(dep_delay) FROM flights WHERE month > 6"),
    ("which airline flies to the most destinations",
     "SELECT carrier FROM flights GROUP BY 1 ORDER BY count(DISTINCT dest) DESC LIMIT 1"),
    ("oldest plane", "SELECT tailnum FROM planes ORDER BY year LIMIT 1"),
    ("how many flights on Mondays",
     "SELECT count(*) FROM flights WHERE isodow(make_date(year, month, day)) = 1"),
    ("busiest month", "SELECT month FROM flights GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"),
    ("which carriers have an average arrival delay below 0",
     "SELECT carrier FROM flights GROUP BY 1 HAVING avg(arr_delay) < 0"),
    ("how many engines does the plane N14228 have", "SELECT engines FROM planes WHERE tailnum = 'N14228'"),
    ("average departure delay of flights to Honolulu Intl", "SELECT avg(dep_delay) FROM flights WHERE dest = 'HNL'"),
    ("how many flights had a negative arrival delay", "SELECT count(*) FROM flights WHERE arr_delay < 0"),
    ("how many flights departed early", "SELECT count(*) FROM flights WHERE dep_delay < 0"),
    ("flights longer than 10 hours", "SELECT flight FROM flights WHERE air_time > 600"),
    ("number of flights from January to March", "SELECT count(*) FROM flights WHERE month IN (1, 2, 3)"),
    ("number of flights before March", "SELECT count(*) FROM flights WHERE month < 3"),
    ("how many flights on 4 July", "SELECT count(*) FROM flights WHERE month = 7 AND day = 4"),
    ("average flights per month", "SELECT avg(n) FROM (SELECT count(*) n FROM flights GROUP BY month)"),
    ("how many flights per time zone of the destination airport", "SELECT tzone, count(*) FROM flights LEFT JOIN airports ON faa = dest GROUP BY 1"),
]  # fmt: skip
ASKED = [
    pytest.param(name, question, sql, id=f"{name}: {question}")
    for name, questions in (
        ("cars", CARS), ("penguins", PENGUINS), ("gapminder", GAPMINDER),
        ("seattle-weather", WEATHER), ("stocks", STOCKS), ("nycflights13", FLIGHTS),
    )
    for question, sql in questions
]  # fmt: skip


def rows_of(name: str, sql: str) -> list[list[Any]]:
    with Database.open(real(name).folder, Flag()) as database:
        found = partial(database.select, most_rows=1000)
        return [list(row) for row in found(sql).rows]


@pytest.mark.parametrize(("name", "question", "sql"), ASKED)
def test_the_answer_about_real_data_has_the_right_rows(name: str, question: str, sql: str) -> None:
    heard = ask(question, real(name))
    assert heard.reply.status == "answered", heard.reply.text
    gold = rows_of(name, sql)
    query = heard.reply.query
    assert query is not None
    assert query.result.row_count == len(gold), query
    if len(heard.rows) == len(gold):
        assert holds(gold, heard.rows), query


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("cars", "top 10% of cars by horsepower"),
        ("cars", "average weight divided by horsepower"),
        ("cars", "heaviest and lightest car"),
        ("cars", "Which country makes the most reliable cars?"),
        ("cars", "90th percentile of horsepower"),
        ("gapminder", "What's the total GDP of France?"),
        ("gapminder", "countries richer than Switzerland in 2007"),
        ("gapminder", "in how many years was Kuwait the richest country"),
        ("gapminder", "cumulative population"),
        ("gapminder", "life expectancy rank of Brazil"),
        ("gapminder", "gdp per capita of Japan vs South Korea?"),
        ("penguins", "how tall are the penguins"),
        ("penguins", "how many macaroni penguins are on Biscoe"),
        ("stocks", "average of the last 3 AAPL prices"),
        ("stocks", "what is the best stock"),
        ("seattle-weather", "average temp_max in summer vs winter"),
        ("seattle-weather", "longest streak of rain"),
        ("nycflights13", "airlines that fly from JFK but not from LGA"),
        ("nycflights13", "total air time in hours"),
        ("nycflights13", "flights to Boston"),
    ],
)
def test_what_is_asked_beyond_its_means_is_declined(name: str, question: str) -> None:
    assert ask(question, real(name)).reply.status == "declined"


@pytest.mark.parametrize(
    ("name", "question", "options"),
    [
        ("nycflights13", "average delay by airline", ("flights.arr_delay", "flights.dep_delay")),
        ("seattle-weather", "average temperature by month", ("temp_max", "temp_min")),
        ("iris", "which species has the smallest petals", ("petalLength", "petalWidth")),
    ],
)
def test_what_may_mean_either_is_asked_back(
    name: str, question: str, options: tuple[str, ...]
) -> None:
    assert ask(question, real(name)).asked.options == options
