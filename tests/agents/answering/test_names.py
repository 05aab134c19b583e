from agents.offline.answering.linking import nearest
from agents.offline.answering.names import Names
from agents.offline.answering.schema import Schema
from tests.agents.answering.shop import DataSet, loaded, shop

TABLE = "dep_delay,arr_delay,lifeExp,Miles_per_Gallon,temp_max,temp_min,body_mass_g,gdpPercap\n" + (
    "1.5,2,3,4,5,6,7,8\n" * 3
)


def flat() -> DataSet:
    return loaded("flat", {"flat.csv": TABLE})


def found(data: DataSet, phrase: str) -> list[str]:
    """Return the columns that a phrase means best."""
    columns, _ = Names(Schema(data.model)).find(phrase.split())
    best = max((one.score for one in columns), default=0)
    return sorted(one.place.column.name for one in columns if one.score > best - 0.01)


def test_names_are_found_however_they_are_written() -> None:
    data = flat()
    for phrase, column in {
        "dep delay": "dep_delay",
        "departure delay": "dep_delay",
        "arrival delays": "arr_delay",
        "life expectancy": "lifeExp",
        "mpg": "Miles_per_Gallon",
        "miles per gallon": "Miles_per_Gallon",
        "maximum temperature": "temp_max",
        "low temperature": "temp_min",
        "body mass": "body_mass_g",
        "mass of the body": "body_mass_g",
        "gdp per capita": "gdpPercap",
    }.items():
        assert found(data, phrase) == [column], phrase


def test_part_of_two_names_means_either() -> None:
    assert found(flat(), "delay") == ["arr_delay", "dep_delay"]
    assert found(flat(), "temperature") == ["temp_max", "temp_min"]


def test_units_and_small_words_alone_name_nothing() -> None:
    assert found(flat(), "g") == []
    assert found(flat(), "per") == []


def test_a_table_and_a_column_name_one_column() -> None:
    assert found(shop(), "customer name") == ["name"]
    assert found(shop(), "product category") == ["category"]


def test_tables_are_found_in_singular_and_plural() -> None:
    names = Names(Schema(shop().model))
    assert names.find(["order"])[1][0][0] == "orders"
    assert names.find(["clients"])[1][0][0] == "customers"


def test_only_a_slip_of_the_fingers_is_corrected() -> None:
    known = ["flight", "horsepower", "expectancy", "employment", "capita"]
    assert nearest("fligth", known) == "flight"
    assert nearest("horspower", known) == "horsepower"
    assert nearest("expectency", known) == "expectancy"
    for word in ("unemployment", "capital", "flat", "employer"):
        assert nearest(word, known) == "", word
