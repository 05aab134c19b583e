import pytest

from agents.contract import Flag
from agents.data.querying import Database
from agents.offline.answering.logic import Condition, Field, Logical, Measure, Order
from agents.offline.answering.schema import Schema
from agents.offline.answering.sql import Writer
from agents.offline.answering.sql_fields import bin_width
from tests.agents.answering.shop import shop

REVENUE = Field(table="orders", name="revenue")
CHANNEL = Field(table="orders", name="channel")
COUNTRY = Field(table="customers", name="country", path=(0,))
ORDERED = Field(table="orders", name="ordered_on", unit="month")


def rows(query: Logical) -> list[tuple[object, ...]]:
    data = shop()
    statement = Writer(Schema(data.model), query).statement()
    with Database.open(data.folder, Flag()) as database:
        return list(database.select(statement.sql, statement.values, most_rows=1000).rows)


def test_a_table_on_the_way_is_joined_once() -> None:
    measure = Measure(aggregate="sum", field=REVENUE)
    where = (Condition(field=COUNTRY, operator="=", values=("Japan",)),)
    query = Logical(base="orders", groups=(COUNTRY,), measures=(measure,), where=where)
    sql = Writer(Schema(shop().model), query).statement().sql
    assert sql.count("LEFT JOIN") == 1
    assert len(rows(query)) == 1


def test_the_best_of_each_group_is_found() -> None:
    measure = Measure(aggregate="count")
    query = Logical(
        base="orders",
        groups=(COUNTRY, CHANNEL),
        measures=(measure,),
        order=(Order(by="measure"),),
        limit=1,
        best_of_each=True,
    )
    assert len(rows(query)) == 4


def test_groups_can_be_counted() -> None:
    query = Logical(base="orders", groups=(COUNTRY,), count_groups=True)
    assert rows(query) == [(4,)]


def test_totals_can_be_averaged() -> None:
    measure = Measure(aggregate="count", per=(CHANNEL,))
    assert rows(Logical(base="orders", measures=(measure,))) == [(80.0,)]


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_comparisons_with_numbers(operator: str) -> None:
    condition = Condition.model_validate(
        {"field": REVENUE, "operator": operator, "values": (36.0,)}
    )
    query = Logical(base="orders", measures=(Measure(aggregate="count"),), where=(condition,))
    [(count,)] = rows(query)
    assert isinstance(count, int)
    assert 0 < count < 240


def test_a_value_that_looks_like_sql_stays_a_value() -> None:
    condition = Condition(field=CHANNEL, operator="=", values=("web' OR '1'='1",))
    query = Logical(base="orders", measures=(Measure(aggregate="count"),), where=(condition,))
    assert rows(query) == [(0,)]


def test_a_name_that_looks_like_sql_stays_a_name() -> None:
    writer = Writer(Schema(shop().model), Logical(base='o"; DROP TABLE x; --'))
    assert '"o""; DROP TABLE x; --"' in writer.statement().sql


def test_months_are_the_first_days_of_them() -> None:
    query = Logical(base="orders", groups=(ORDERED,), measures=(Measure(aggregate="count"),))
    assert all(str(row[0]).endswith("-01") for row in rows(query))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-5, 5), (0, 1e9), (0.001, 0.002), (3, 3)])
def test_bars_have_round_widths(low: float, high: float) -> None:
    width = bin_width(low, high, 15)
    assert width > 0
    assert (high - low) / width <= 15


def test_a_logical_query_survives_json() -> None:
    measure = Measure(aggregate="share", only=(Condition(field=CHANNEL, operator="null"),))
    query = Logical(base="orders", groups=(ORDERED,), measures=(measure,))
    assert Logical.model_validate(query.model_dump(mode="json")) == query
