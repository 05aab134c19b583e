"""The judge of the question benchmark gives nothing for luck, and nothing for listing all."""

import pytest

from agents.chats import Reply
from benchmarks.questions import loading
from benchmarks.questions.judging import judge
from benchmarks.questions.loading import Question, Reading
from tests.benchmarks.question_replies import Rows, question, reply, unanswerable, without_query

COUNT = question(["n"], [[336776]], compare="scalar")
MEAN = question(["mean"], [[12.6390702573]], compare="scalar")
WORST = question(["name", "mean"], [["Frontier", 20.2155]], compare="row", optional=("mean",))
TIED = question(["name", "n"], [["Ada", 3], ["Bo", 3]], compare="row")
TOP = question(
    ["state", "n"],
    [["AK", 263], ["TX", 209], ["FL", 100], ["OH", 100]],
    compare="ordered", order="n", take=3, optional=("n",),
)  # fmt: skip
GROUPS = question(["code", "name", "n"], [["AA", "American", 5], ["UA", "United", 7]],
                  compare="table", either=("code", "name"))  # fmt: skip
NAMES = question(["name"], [["rx2"], ["rx3"]], compare="set")
SHARE = question(["share"], [[34.25]], compare="scalar", percent=("share",))
MONTHS = question(["month", "n"], [[1, 10], [2, 20]], compare="table")


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (["flights"], [[336776]]),
        (["flights"], [[336776.0]]),
        (["flights", "mean delay"], [[336776, 12.6]]),
    ],
)
def test_a_count_is_right_if_one_row_has_it(columns: list[str], rows: Rows):
    assert judge(COUNT, reply(columns, rows)).outcome == "right"


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (["flights"], [[336775]]),
        (["origin", "flights"], [["EWR", 336776], ["JFK", 111279]]),
        (["a", "b", "c", "d", "e", "f"], [[1, 2, 3, 4, 5, 336776]]),
        (["flights"], []),
        (["flights"], [[None]]),
    ],
)
def test_a_count_is_wrong_if_it_differs_or_hides_among_others(columns: list[str], rows: Rows):
    assert judge(COUNT, reply(columns, rows)).outcome == "wrong"


@pytest.mark.parametrize(
    ("told", "outcome"),
    [(12.6390702573, "right"), (12.64, "right"), (12.6, "right"), ("12.64", "right"),
     (13, "wrong"), (12.65, "wrong"), (12.7, "wrong"), (0, "wrong")],
)  # fmt: skip
def test_a_mean_may_be_rounded_but_not_beyond_recognition(told: float | str, outcome: str):
    assert judge(MEAN, reply(["mean"], [[told]])).outcome == outcome


def test_the_right_row_is_right_with_its_figure_or_with_none():
    assert judge(WORST, reply(["name", "avg"], [["Frontier", 20.22]])).outcome == "right"
    assert judge(WORST, reply(["carrier", "name"], [["F9", "Frontier"]])).outcome == "right"


def test_the_right_row_found_by_another_figure_is_luck_and_wrong():
    assert judge(WORST, reply(["name", "max"], [["Frontier", 853]])).outcome == "wrong"


def test_all_groups_are_no_answer_to_which_one_even_in_the_right_order():
    everything = reply(["name", "avg"], [["Frontier", 20.2155], ["ExpressJet", 19.96]])

    assert judge(WORST, everything).outcome == "wrong"


def test_any_of_tied_rows_will_do_and_so_will_all_but_no_other():
    assert judge(TIED, reply(["name", "n"], [["Bo", 3]])).outcome == "right"
    assert judge(TIED, reply(["name", "n"], [["Bo", 3], ["Ada", 3]])).outcome == "right"
    assert judge(TIED, reply(["name", "n"], [["Cy", 3]])).outcome == "wrong"
    assert judge(TIED, reply(["name", "n"], [["Bo", 3], ["Bo", 3]])).outcome == "wrong"


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([["AK", 263], ["TX", 209], ["FL", 100]], "right"),
        ([["AK", 263], ["TX", 209], ["OH", 100]], "right"),
        ([["AK", 263], ["TX", 209], ["OH", 100], ["FL", 100]], "right"),
        ([["TX", 209], ["AK", 263], ["FL", 100]], "wrong"),
        ([["AK", 263], ["TX", 209]], "wrong"),
        ([["AK", 263], ["TX", 209], ["OH", 99]], "wrong"),
        ([["AK", 263], ["TX", 209], ["OH", 100], ["FL", 100], ["NY", 97]], "wrong"),
        ([["AK", 263], ["TX", 209], ["CA", 205]], "wrong"),
    ],
)
def test_a_ranking_keeps_its_order_and_length_but_ties_may_change_places(rows: Rows, outcome: str):
    assert judge(TOP, reply(["state", "airports"], rows)).outcome == outcome


def test_groups_are_right_in_any_order_by_code_or_by_name():
    assert judge(GROUPS, reply(["c", "n"], [["UA", 7], ["AA", 5]])).outcome == "right"
    assert judge(GROUPS, reply(["n", "c"], [[5, "american"], [7, "united"]])).outcome == "right"


def test_partly_right_groups_are_wrong():
    assert judge(GROUPS, reply(["c", "n"], [["UA", 7]])).outcome == "wrong"
    assert judge(GROUPS, reply(["c", "n"], [["UA", 7], ["AA", 6]])).outcome == "wrong"
    assert judge(GROUPS, reply(["c", "n"], [["UA", 5], ["AA", 7]])).outcome == "wrong"
    assert judge(GROUPS, reply(["n"], [[5], [7]])).outcome == "wrong"


def test_of_a_long_table_the_shown_rows_are_compared_and_the_others_counted():
    cut = reply(["c", "n"], [["AA", 5]], row_count=2)
    longer = reply(["c", "n"], [["AA", 5]], row_count=16)

    assert judge(GROUPS, cut).outcome == "right"
    assert judge(GROUPS, longer).outcome == "wrong"


def test_a_set_may_repeat_its_rows_but_may_not_hold_others():
    repeated = reply(["name", "year"], [["rx2", 71], ["rx3", 72], ["rx2", 73]])

    assert judge(NAMES, repeated).outcome == "right"
    assert judge(NAMES, reply(["name"], [["rx2"], ["rx3"], ["rx4"]])).outcome == "wrong"
    assert judge(NAMES, reply(["name"], [["rx2"]])).outcome == "wrong"
    assert judge(NAMES, reply(["name"], [["rx2"], ["rx3"]], row_count=300)).outcome == "wrong"


@pytest.mark.parametrize(
    ("column", "value", "text", "outcome"),
    [
        ("percent", 34.25, "", "right"),
        ("share", 0.3425, "", "right"),
        ("value", 34.25, "That is 34.25 % of them.", "right"),
        ("share", 34.25, "That is 34.25 % of them.", "right"),
        ("value", 0.3425, "As a share: 0.3425.", "right"),
        ("percent", 0.3425, "", "wrong"),
        ("share", 34.25, "", "wrong"),
        ("value", 34.25, "", "wrong"),
        ("percent", 35.0, "", "wrong"),
    ],
)
def test_a_percentage_or_a_share_is_right_if_it_is_labelled_so(
    column: str, value: float, text: str, outcome: str
):
    assert judge(SHARE, reply([column], [[value]], text=text)).outcome == outcome


@pytest.mark.parametrize(
    "told", [[1, 2], ["January", "February"], ["Jan", "Feb"], ["2013-01-01", "2013-02-01T00:00:00"]]
)
def test_a_month_may_be_told_by_number_name_or_first_day(told: list[int | str]):
    found = reply(["when", "n"], [[told[0], 10], [told[1], 20]])
    turned = reply(["when", "n"], [[told[1], 10], [told[0], 20]])

    assert judge(MONTHS, found).outcome == "right"
    assert judge(MONTHS, turned).outcome == "wrong"


def test_another_reading_of_the_question_is_as_right():
    other = question(["n"], [[328521]], compare="scalar").readings[0]
    both = COUNT.model_copy(update={"also": (other,)})

    assert judge(both, reply(["n"], [[328521]])).outcome == "right"
    assert judge(both, reply(["n"], [[336776]])).outcome == "right"
    assert judge(both, reply(["n"], [[111279]])).outcome == "wrong"


def test_declining_or_asking_back_is_neither_right_nor_wrong_when_there_is_an_answer():
    assert judge(COUNT, without_query("declined")).outcome == "declined"
    assert judge(COUNT, None).outcome == "declined"
    assert judge(COUNT, without_query("answered")).outcome == "wrong"
    assert judge(COUNT, without_query("ended", "EXIT")).outcome == "wrong"


def _asked() -> list[Question]:
    sheets = [sheet for half in loading.HALVES for sheet in loading.load(half).values()]
    return [question for sheet in sheets for question in sheet if question.gold]


def _told(reading: Reading) -> Reply:
    names = ["percent" if name in reading.percent else name for name in reading.columns]
    rows = reading.answer[:1] if reading.compare == "row" else reading.answer
    return reply(names, rows)


def test_each_reading_of_each_question_is_judged_right():
    for asked in _asked():
        for reading in asked.readings:
            assert judge(asked, _told(reading)).outcome == "right", (asked.id, reading.why)


def test_hardly_any_question_is_answered_by_the_answer_to_another():
    asked = _asked()
    lucky = sum(
        judge(one, _told(other.readings[0])).outcome == "right"
        for one in asked
        for other in asked
        if one is not other
    )

    # Small counts meet by chance: three species and three islands.
    assert lucky / (len(asked) * (len(asked) - 1)) < 0.002


@pytest.mark.parametrize("expect", ["decline", "clarify"])
def test_what_cannot_be_told_is_right_only_if_nothing_is_claimed(expect: str):
    asked = unanswerable(expect)

    assert judge(asked, without_query("declined")).outcome == "right"
    assert judge(asked, None).outcome == "right"
    assert judge(asked, without_query("answered", "UNRELATED")).outcome == "right"
    assert judge(asked, reply(["pop"], [])).outcome == "right"
    assert judge(asked, reply(["pop"], [[None]])).outcome == "right"
    assert judge(asked, reply(["pop"], [[0]])).outcome == "wrong"
    assert judge(asked, reply(["a", "b"], [["x", 1]])).outcome == "wrong"
    assert judge(asked, without_query("answered", "NOT_PARTICULAR")).outcome == "wrong"
