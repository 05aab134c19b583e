import pytest

from agents.offline.answering.intents import overview_of, small_talk
from tests.agents.answering.shop import shop
from tests.agents.answering.talking import ask, names


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("help", "HELP"),
        ("What can you do?", "HELP"),
        ("what can I ask", "HELP"),
        ("Hello!", "HELP"),
        ("thank you very much", "HELP"),
        ("???", "HELP"),
        ("", "HELP"),
        ("are you an AI?", "HELP"),
        ("bye", "EXIT"),
        ("Goodbye!", "EXIT"),
        ("that's all, thanks", "EXIT"),
        ("quit", "EXIT"),
        ("describe the data", "NOT_PARTICULAR"),
        ("What is in here?", "NOT_PARTICULAR"),
        ("give me an overview", "NOT_PARTICULAR"),
        ("which tables are there", "NOT_PARTICULAR"),
        ("tell me about the orders table", "NOT_PARTICULAR"),
        ("what columns does products have?", "NOT_PARTICULAR"),
        ("how good is the data?", "NOT_PARTICULAR"),
        ("How many orders are there?", "PARTICULAR"),
        ("Tell me a joke", "UNRELATED"),
        ("What's the weather in Paris?", "UNRELATED"),
    ],
)
def test_each_kind_of_message_is_told(message: str, kind: str) -> None:
    intent = ask(message).reply.intent
    assert intent.intent_type == kind, intent
    assert intent.reasoning.endswith(".")
    assert 0 <= intent.confidence <= 1


def test_a_goodbye_ends_the_conversation() -> None:
    assert ask("bye").reply.status == "ended"


def test_help_says_what_it_is_and_offers_questions() -> None:
    said = ask("help").reply
    assert "not a language model" in said.text
    assert said.suggestions
    assert said.status == "answered"


def test_an_overview_names_tables_columns_joins_and_quality() -> None:
    text = ask("describe the data").reply.text
    for expected in ("**orders** has 240 rows", "`revenue`", "refers to customers", "Quality:"):
        assert expected in text


def test_an_overview_of_one_table_leaves_the_others_out() -> None:
    text = ask("describe products").reply.text
    assert "**products**" in text
    assert "**customers**" not in text


def test_messages_without_a_query_tell_the_intent_first_as_well() -> None:
    assert names(ask("hello"))[:3] == ["Progress", "intent", "Progress"]


def test_a_question_that_begins_with_a_greeting_is_a_question() -> None:
    assert ask("Hi, how many orders are there?").rows == [[240]]


@pytest.mark.parametrize(
    "message", ["stop selling tools", "help desk tickets by month", "end of year"]
)
def test_small_talk_is_only_what_is_nothing_else(message: str) -> None:
    assert small_talk(message) is None


def test_an_overview_is_not_a_question_about_a_column() -> None:
    assert overview_of("describe the revenue by channel", shop().model) is None


def test_doubts_are_named_in_one_sentence() -> None:
    reasoning = ask("How many orders were frobnicated").reply.intent.reasoning
    assert '"frobnicated" is not a word of this data' in reasoning
    assert reasoning.count(".") == 1
