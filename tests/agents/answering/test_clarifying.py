import pytest

from agents.base import Decision, Part
from agents.offline.answering.clarifying import match
from tests.agents.answering.shop import DataSet, loaded
from tests.agents.answering.talking import Talk, names

LAKES = """name,region,length_km,depth_min,depth_max,area
Alpha,North,12.5,3,40,100
Beta,North,7.5,1,35,400
Gamma,South,30.0,2,90,300
Delta,South,2.0,1,15,290
Epsilon,East,11.0,5,38,120
Zeta,East,10.0,4,39,130
"""


@pytest.fixture(scope="module")
def lakes() -> DataSet:
    return loaded("lakes", {"lakes.csv": LAKES})


def test_two_columns_that_fit_alike_are_asked_about(lakes: DataSet) -> None:
    asked = Talk(lakes).ask("average depth by region").asked
    assert asked.question == 'What does "depth" mean here?'
    assert asked.options == ("depth_max", "depth_min")
    assert asked.calls == ()


def test_the_intent_is_told_before_asking_and_no_answer_is(lakes: DataSet) -> None:
    told = names(Talk(lakes).ask("average depth by region"))
    assert told == ["Progress", "intent", "Progress", "ApprovalNeeded"]


@pytest.mark.parametrize("said", ["depth_min", "Depth_Min", "2", "the minimum: min"])
def test_the_chosen_reading_is_followed(lakes: DataSet, said: str) -> None:
    talk = Talk(lakes)
    asked = talk.ask("average depth by region").asked
    decision = Decision(decision="answer", comment=said)
    heard = talk.decide("average depth by region", asked, question=decision)
    assert heard.reply.query is not None
    assert heard.reply.query.result.columns == ("region", "average_depth_min")
    assert any("as you said" in note for note in heard.reply.query.assumptions)


def test_a_choice_may_come_among_the_arguments(lakes: DataSet) -> None:
    talk = Talk(lakes)
    asked = talk.ask("average depth by region").asked
    decision = Decision(decision="answer", arguments={"choice": "depth_max"})
    heard = talk.decide("average depth by region", asked, question=decision)
    assert heard.reply.query is not None
    assert heard.reply.query.result.columns[1] == "average_depth_max"


def test_an_answer_that_is_no_option_is_asked_about_again(lakes: DataSet) -> None:
    talk = Talk(lakes)
    asked = talk.ask("average depth by region").asked
    decision = Decision(decision="answer", comment="whatever")
    assert talk.decide("average depth by region", asked, question=decision).asked == asked


def test_no_answer_is_a_denial_with_its_reason(lakes: DataSet) -> None:
    talk = Talk(lakes)
    asked = talk.ask("average depth by region").asked
    decision = Decision(decision="reject", comment="never mind")
    said = talk.decide("average depth by region", asked, question=decision).reply
    assert said.status == "denied"
    assert "never mind" in said.text


def test_the_largest_of_a_maximum_and_a_minimum_needs_no_asking(lakes: DataSet) -> None:
    heard = Talk(lakes).ask("what is the greatest depth?")
    assert heard.rows == [[90]]


def test_readings_with_different_winners_are_asked_about(lakes: DataSet) -> None:
    asked = Talk(lakes).ask("which region has the largest area?").asked
    assert asked.options == ("the largest single area", "the average area")


def test_readings_with_one_winner_are_not(lakes: DataSet) -> None:
    heard = Talk(lakes).ask("which region has the highest length?")
    assert heard.rows[0][0] == "South"


def test_a_column_by_itself_is_not_doubted(lakes: DataSet) -> None:
    heard = Talk(lakes).ask("average length")
    assert [one.name for one in heard.events if isinstance(one, Part)][1] == "query"


def test_words_of_an_option_are_enough_if_they_fit_only_one() -> None:
    options = ["the largest single area", "the average area"]
    assert match("average", options) == "the average area"
    assert match("area", options) is None
    assert match("", options) is None


def test_how_recent_is_meant_is_asked() -> None:
    talk = Talk()
    asked = talk.ask("total revenue of recent orders").asked
    assert asked.options == ("the last month", "the last 3 months", "the last year")
    chosen = Decision(decision="answer", comment="the last 3 months")
    query = talk.decide("total revenue of recent orders", asked, question=chosen).reply.query
    assert query is not None
    assert query.values == ("2024-10-01",)
