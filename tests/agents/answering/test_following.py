from typing import Any

import pytest

from tests.agents.answering.talking import Heard, Talk

START = "How many orders are there for each channel?"


def after(*questions: str) -> Heard:
    """Ask the questions in a row; return what the last one gave."""
    talk = Talk()
    *earlier, last = questions
    for question in earlier:
        assert talk.ask(question).reply.status == "answered"
    return talk.ask(last)


def columns(heard: Heard) -> tuple[str, ...]:
    assert heard.reply.query is not None, heard.reply.text
    return heard.reply.query.result.columns


def test_another_group_takes_the_place_of_the_first() -> None:
    assert columns(after(START, "and by country?")) == ("country", "count")


def test_one_more_group_is_added_if_said_so() -> None:
    assert columns(after(START, "also by country"))[:2] == ("channel", "country")


def test_a_unit_of_time_groups_as_well() -> None:
    heard = after("total revenue", "and by month?")
    assert columns(heard) == ("month", "total_revenue")
    assert len(heard.rows) > 12


def test_a_value_filters_what_was_asked_before() -> None:
    heard = after("total revenue by channel", "only for Japan")
    assert heard.reply.query is not None
    assert heard.reply.query.values == ("Japan",)
    assert columns(heard) == ("channel", "total_revenue")


def test_another_value_of_the_same_column_takes_its_place() -> None:
    heard = after("total revenue by channel", "only for Japan", "what about Kenya")
    assert heard.reply.query is not None
    assert heard.reply.query.values == ("Kenya",)


def test_a_year_filters_too() -> None:
    heard = after("total revenue ordered in 2023", "what about 2024")
    assert heard.reply.query is not None
    assert heard.reply.query.values == ("2024-01-01", "2024-12-31")


def test_counts_become_percentages() -> None:
    heard = after(START, "now as a percentage")
    assert columns(heard) == ("channel", "percent")
    assert sum(row[1] for row in heard.rows) == pytest.approx(100)


def test_a_count_with_a_condition_becomes_a_share() -> None:
    heard = after("How many orders were placed by web?", "in percent")
    assert heard.value == pytest.approx(100 / 3)


def figures(heard: Heard) -> list[Any]:
    return [row[-1] for row in heard.rows]


def test_the_order_is_turned_round() -> None:
    first = after("total revenue by country")
    turned = after("total revenue by country", "the other way round")
    assert figures(turned) == list(reversed(figures(first)))


def test_sorting_is_said_by_its_direction() -> None:
    heard = after("total revenue by country", "sort ascending")
    assert figures(heard) == sorted(figures(heard))


def test_another_limit_is_taken() -> None:
    assert len(after("top 2 customers by total revenue", "top 5 instead").rows) == 5


def test_only_the_smallest_are_kept() -> None:
    heard = after("total revenue by country", "bottom 2")
    assert figures(heard) == sorted(figures(heard))
    assert len(heard.rows) == 2


def test_another_aggregate_of_the_same_column_is_taken() -> None:
    heard = after("average revenue by channel", "and the median?")
    assert columns(heard) == ("channel", "median_revenue")


def test_another_column_is_taken() -> None:
    heard = after("average revenue by channel", "what about quantity")
    assert columns(heard) == ("channel", "average_quantity")


def test_a_value_can_be_left_out() -> None:
    heard = after(START, "without phone")
    assert {row[0] for row in heard.rows} == {"web", "shop"}


def test_conditions_can_be_taken_away() -> None:
    heard = after("total revenue in Japan", "without the filter")
    assert heard.reply.query is not None
    assert heard.reply.query.values == ()


@pytest.mark.parametrize("question", ["why?", "Why is that so?", "explain", "how did you get that"])
def test_why_explains_the_query_and_claims_no_cause(question: str) -> None:
    said = after("total revenue in Japan", question).reply
    assert said.status == "answered"
    assert "country (by customer_id) is Japan" in said.text
    assert "```sql" in said.text
    assert "it holds no causes" in said.text


def test_an_explanation_does_not_break_the_thread() -> None:
    heard = after("total revenue by channel", "why", "by country")
    assert columns(heard) == ("country", "total_revenue")


def test_what_is_built_on_is_said_among_the_assumptions() -> None:
    query = after(START, "by country").reply.query
    assert query is not None
    assert "built on the question before" in query.assumptions


def test_a_whole_question_is_not_built_on_the_one_before() -> None:
    heard = after("total revenue in Japan", "How many products are there?")
    assert heard.rows == [[9]]


def test_without_anything_before_a_fragment_is_not_guessed() -> None:
    assert Talk().ask("and for that one?").reply.status == "declined"


def test_all_rows_are_shown_again() -> None:
    assert len(after("top 2 customers by total revenue", "show all").rows) == 12


def test_a_bare_number_is_another_limit() -> None:
    assert len(after("top 2 customers by total revenue", "now 4").rows) == 4


def test_an_average_of_totals_can_be_grouped_as_well() -> None:
    heard = after("average number of orders per customer", "by channel")
    assert columns(heard)[0] == "channel"


def test_a_total_becomes_a_share_of_the_total() -> None:
    heard = after("total revenue by channel", "as a share")
    assert sum(row[1] for row in heard.rows) == pytest.approx(100)


def test_rows_are_turned_round_too() -> None:
    first = after("What are the 3 heaviest products?")
    turned = after("What are the 3 heaviest products?", "the other way round")
    assert first.rows != turned.rows
    assert len(turned.rows) == 3


def test_another_measure_is_counted_instead() -> None:
    assert columns(after("average revenue by channel", "and the number of orders?"))[-1] == "count"
