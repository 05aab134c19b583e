import json
from itertools import groupby

import pytest

from agents.adapters import Call
from agents.base import Done, Part, Progress
from agents.chats import Insight, Intent, Query, Summary
from agents.contract import check_one_ending, check_percent, check_result
from agents.exceptions import Cancelled, Permanent
from agents.offline.answering.reply import reply
from agents.registry import engine
from tests.agents.answering.shop import shop
from tests.agents.answering.talking import Talk, ask, names

QUESTION = "How many orders are there for each channel?"


def test_parts_come_in_order_between_progress_and_text() -> None:
    told = [name for name, _ in groupby(names(ask(QUESTION)))]
    assert told == [
        "Progress", "intent", "Progress", "query", "insight", "summary", "Delta", "Progress", "Done",
    ]  # fmt: skip


def test_progress_says_what_goes_on() -> None:
    messages = [one.message for one in ask(QUESTION).events if isinstance(one, Progress)]
    assert messages[:2] == ["Reading your question", "Generating Insight..."]


def test_each_part_has_its_shape() -> None:
    parts = ask(QUESTION).parts
    assert Intent.model_validate(parts["intent"]).intent_type == "PARTICULAR"
    assert Query.model_validate(parts["query"]).result.row_count == 3
    assert Insight.model_validate(parts["insight"]).text
    assert Summary.model_validate(parts["summary"]).chart is not None


def test_the_deltas_joined_are_the_text() -> None:
    heard = ask(QUESTION)
    assert heard.text == heard.reply.text


def test_one_ending_and_rising_percentages_and_json() -> None:
    heard = ask(QUESTION)
    check_one_ending(heard.events)
    check_percent(heard.events)
    assert isinstance(heard.events[-1], Done)
    check_result("reply", heard.events[-1].result)


def test_the_same_question_gives_the_same_events() -> None:
    def told() -> list[object]:
        return [
            (one.name, one.data) if isinstance(one, Part) else one for one in ask(QUESTION).events
        ]

    assert told() == told()


def test_the_answer_shows_interpretation_sql_and_row_count() -> None:
    said = ask("How many orders were sold by web?").reply
    assert said.query is not None
    assert said.query.interpretation in said.text
    assert all(line in said.text for line in said.query.sql.splitlines())
    assert "`web`" in said.text
    assert "Rows: 1." in said.text


def test_values_are_parameters_and_names_are_quoted() -> None:
    query = ask("How many orders have the channel web?").reply.query
    assert query is not None
    assert query.values == ("web",)
    assert "web" not in query.sql
    assert '"channel"' in query.sql


def test_the_hint_and_the_chart_agree() -> None:
    said = ask("total revenue by month").reply
    assert said.intent.plot.kind == "line"
    assert said.summary is not None
    assert said.summary.chart is not None
    assert said.summary.chart.kind == "line"
    assert said.summary.chart.x[0] == "2023-01-01"


def test_statistics_cover_all_rows_of_a_limited_result() -> None:
    said = ask("list all orders").reply
    assert said.summary is not None
    assert said.query is not None
    assert len(said.query.result.rows) == 200
    by_name = {one.column: one for one in said.summary.statistics}
    assert by_name["revenue"].count == 240
    assert by_name["shipped_on"].nulls == 30


def test_a_ranking_is_judged_against_all_groups_before_the_limit() -> None:
    said = ask("top 2 customers by total revenue").reply
    assert said.insight is not None
    assert "12 groups were compared." in said.insight.facts
    assert any("% of the total of" in fact for fact in said.insight.facts)


def test_guesses_are_told_in_the_query_and_in_the_text() -> None:
    said = ask("revenue by channel").reply
    assert said.query is not None
    assert any("total of revenue" in note for note in said.query.assumptions)
    assert "ask for the average if that is meant" in said.text


def test_rows_without_a_group_are_named() -> None:
    said = ask("number of orders by shipped_on month").reply
    assert said.insight is not None
    assert any("without" in fact for fact in said.insight.facts)


def test_memory_is_json_and_holds_the_logical_query() -> None:
    said = ask(QUESTION).reply
    assert json.loads(json.dumps(said.memory)) == said.memory
    assert said.memory["query"]["base"] == "orders"


def test_no_rows_are_said_to_be_none() -> None:
    said = ask("list orders with revenue over 1000000").reply
    assert said.insight is not None
    assert said.insight.text == "No rows match."


def test_a_question_that_is_not_understood_is_declined_with_others() -> None:
    said = ask("How many orders were frobnicated?").reply
    assert said.status == "declined"
    assert 3 <= len(said.suggestions) <= 5
    assert all(one in said.text for one in said.suggestions)
    assert '"frobnicated" is not a word of this data' in said.text
    assert said.query is None


def test_a_question_about_something_else_is_unrelated() -> None:
    said = ask("Who wrote Hamlet?").reply
    assert said.intent.intent_type == "UNRELATED"
    assert said.status == "declined"


def test_a_data_set_whose_files_are_gone_is_a_permanent_error() -> None:
    given = shop().given(question=QUESTION) | {"folder": "/nowhere"}
    call = Call(run_id="r", step="s", kind="reply", cancel=_Set(False), input=given)
    with pytest.raises(Permanent) as caught:
        list(reply(call))
    assert caught.value.code == "no_data"


def test_a_cancelled_question_stops() -> None:
    call = Call(
        run_id="r", step="s", kind="reply", cancel=_Set(True), input=shop().given(question=QUESTION)
    )
    with pytest.raises(Cancelled):
        list(reply(call))


class _Set:
    def __init__(self, on: bool) -> None:
        self._on = on

    def is_set(self) -> bool:
        return self._on


def test_the_engine_offers_replies_and_workflows() -> None:
    assert {"reply", "workflow", "initialise"} <= engine("offline").capabilities


def test_an_answer_to_yes_or_no_says_so() -> None:
    assert ask("Are there any orders by phone?").reply.insight == Insight(
        text="**Yes**: 80 rows of orders match."
    )


def test_a_conversation_is_remembered() -> None:
    talk = Talk()
    talk.ask(QUESTION)
    assert talk.history[0]["sql"].startswith("SELECT")
