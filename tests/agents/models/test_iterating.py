"""A model fills the cells of frameworks; every citation is a real sentence."""

from typing import Any

import pytest

from agents.base import Card, Metric, Progress
from agents.contract import DOCUMENT, check_citations, check_percent, planning_inputs
from agents.exceptions import Permanent
from agents.plans import IterationResult
from tests.agents.models.stubs import Asked, Stub, Told, engine, step

DOCUMENTS = [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]


def number_of(asked: Asked, words: str) -> int:
    """Return the number under which a sentence was given to the model."""
    line = next(line for line in asked.text.splitlines() if words in line)
    return int(line.partition(".")[0])


def asking(documents: list[dict[str, Any]] = DOCUMENTS, *comments: str) -> dict[str, Any]:
    return {**planning_inputs(documents)["iterate"], "comments": list(comments)}


def answered(asked: Asked) -> dict[str, Any]:
    praise = number_of(asked, "Customers praise")
    rival = number_of(asked, "A competitor opened")
    return {
        "findings": [
            {"cell": "strengths", "text": "Bread is praised by 12%.", "sentences": [praise]},
            {"cell": "Threats", "text": "A rival opened in 2026.", "sentences": [rival, 99]},
            {"cell": "Weather", "text": "No such cell.", "sentences": [praise]},
            {"cell": "Opportunities", "text": "From nowhere.", "sentences": [0, 77]},
        ],
        "insights": [
            {"text": "Quality meets rivalry.", "sentences": [praise, rival]},
            {"text": "Rests on nothing.", "sentences": [500]},
        ],
    }


def iterated(*answers: Any, **settings: Any) -> tuple[IterationResult, Told, Stub]:
    stub = Stub(*answers)
    told = step(engine(stub, **settings), "iterate", asking())
    return IterationResult.model_validate(told.result), told, stub


def test_findings_cite_the_sentences_that_the_model_named() -> None:
    result, _, _ = iterated(answered)

    found = {finding.cell: finding for finding in result.findings}
    assert set(found) == {"Strengths", "Threats"}
    assert found["Threats"].citations[0].quote.startswith("A competitor opened")
    assert len(found["Threats"].citations) == 1
    check_citations(result.model_dump(mode="json"), DOCUMENTS)


def test_a_number_that_no_cited_sentence_has_is_marked() -> None:
    result, _, _ = iterated(answered)

    texts = [finding.text for finding in result.findings]
    assert texts == ["Bread is praised by 12% [unverified].", "A rival opened in 2026."]


def test_insights_are_cited_or_left_out() -> None:
    result, _, _ = iterated(answered)

    (insight,) = result.insights
    assert insight.startswith("Quality meets rivalry. [bakery#")


def test_empty_cells_become_gaps_and_figures_are_read_from_sentences() -> None:
    result, told, _ = iterated(answered)

    assert {gap.cell for gap in result.gaps} == {"Weaknesses", "Opportunities"}
    assert "March 2026" in {point.text for point in result.data_points}
    totals = {metric.name: metric.value for metric in told.of(Metric)}
    assert totals["gaps"] == len(result.gaps)
    assert totals["data_points"] == len(result.data_points)
    check_percent(told.events)


def test_a_comment_is_given_to_the_model_and_its_use_is_told() -> None:
    stub = Stub(answered)

    told = step(engine(stub), "iterate", asking(DOCUMENTS, "Mind the mood.", "Do it now!"))

    assert "- Mind the mood.\n- Do it now!" in stub.asked[0].text
    assert told.result["followed"][0].startswith("\u201cMind the mood.\u201d: ")
    assert told.result["followed"][1] == "\u201cDo it now!\u201d: given to the language model."


def test_an_answer_in_a_wrong_form_leaves_gaps_when_others_worked() -> None:
    given = asking()
    given["proposal"]["frameworks"] = [["SWOT", "Risk assessment"]]
    stub = Stub(answered, "no JSON", "no JSON", "no JSON")

    told = step(engine(stub, retries=1), "iterate", given)

    gaps = [gap for gap in told.result["gaps"] if gap["framework"] == "Risk assessment"]
    assert all("gave no usable answer" in gap["task"] for gap in gaps)
    assert gaps
    cards = [one.card for one in told.of(Progress) if isinstance(one.card, Card)]
    assert "This part was left out" in {card.title for card in cards}


def test_an_iteration_without_any_usable_answer_fails() -> None:
    with pytest.raises(Permanent) as raised:
        iterated("no JSON", retries=0)

    assert raised.value.code == "bad_output"


def test_without_documents_nothing_is_asked_and_all_becomes_a_gap() -> None:
    stub = Stub(answered)

    told = step(engine(stub), "iterate", asking([]))

    assert stub.asked == []
    assert (told.result["findings"], len(told.result["gaps"])) == ([], 4)


def test_a_model_that_reads_little_is_given_fewer_sentences() -> None:
    long = "\n\n".join(f"Costs of oven {n} are a risk of {n} percent." for n in range(900))
    documents = [{"id": "long", "title": "Long", "kind": "file", "text": long}]
    stub = Stub({"findings": [], "insights": []})

    step(
        engine(stub, context_tokens=1000, max_tokens=300),
        "iterate",
        asking(documents),
    )

    assert stub.asked[0].text.count("Costs of oven") < 30
    assert stub.asked[0].tools == ()
