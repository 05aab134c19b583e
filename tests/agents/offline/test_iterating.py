import asyncio
import sqlite3
import time

import pytest

from agents.base import Metric, Progress
from agents.contract import Flag, check_citations, check_percent, record
from agents.exceptions import Cancelled
from agents.offline.evidence import Evidence
from agents.offline.ledger import key_of
from agents.plans import IterationResult
from agents.registry import engine
from tests.agents.offline.plans_of import (
    GOAL,
    document,
    iterate,
    iterated,
    proposal_of,
    real_documents,
    real_plan,
)

MEMO = document(
    "# Django at work\n\nThe upgrade of Django to version 5.2 brings a proven and reliable base "
    "for our service. There is a risk that the upgrade of Django will break two old services. "
    "The upgrade of Django will cost EUR 40,000 and take 3 months of work. "
    "A backup plan will mitigate the risk of the Django upgrade for all customers."
)
PRICES = document(
    "The price of the Django support contract is EUR 900 per month for each of the 12 teams.",
    id="prices",
)


def test_every_citation_quotes_its_sentence() -> None:
    documents = [one.model_dump() for one in real_documents()]

    for result in real_plan()[1]:
        check_citations(result.model_dump(), documents)


def test_no_sentence_is_told_twice_in_a_plan() -> None:
    told = [
        (citation.document, citation.sentence)
        for result in real_plan()[1]
        for finding in result.findings
        for citation in finding.citations
    ]

    assert len(told) > 20
    assert len(told) == len(set(told))


def test_no_figure_is_told_twice_in_a_plan() -> None:
    keys = [key_of(point) for result in real_plan()[1] for point in result.data_points]

    assert len(keys) > 4
    assert len(keys) == len(set(keys))


def test_findings_rest_on_sentences_and_never_on_headings() -> None:
    result = iterated([document("# The risk of an upgrade to Django may break all services")])

    assert result.findings == ()


def test_what_fits_a_cell_lands_in_it() -> None:
    result = iterated([MEMO])

    cells = {finding.text.split(",")[0][:30]: finding.cell for finding in result.findings}
    assert cells["There is a risk that the upgra"] in ("Threats", "What could go wrong")
    assert cells["The upgrade of Django to versi"] == "Strengths"
    assert cells["A backup plan will mitigate th"] == "Countermeasures"


def test_an_empty_cell_is_a_gap_with_a_task() -> None:
    result = iterated([MEMO])

    cells = {(gap.framework, gap.cell): gap.task for gap in result.gaps}
    assert cells["Risk assessment", "Likelihood"] == "Find out how likely it is."


def test_without_documents_everything_is_a_gap() -> None:
    result = iterated([])

    assert (result.findings, result.data_points, result.insights) == ((), (), ())
    assert len(result.gaps) == 8


def test_figures_of_findings_become_data_points() -> None:
    result = iterated([MEMO], proposal=proposal_of("Financial projections"))

    figures = {(point.text, point.value) for point in result.data_points}
    assert {("EUR 40,000", 40000.0), ("3 months", 3.0)} <= figures


@pytest.mark.parametrize(
    ("comment", "framework"),
    [
        ("Look at PESTLE", "PESTLE"),
        ("More about weaknesses", "SWOT"),
        ("costs?", "Financial projections"),
    ],
)
def test_a_comment_pulls_a_framework_forward(comment: str, framework: str) -> None:
    result = iterated([MEMO], proposal=proposal_of("Go-to-market"), comments=(comment,))

    assert result.frameworks[0] == framework
    assert framework in result.followed[0]


@pytest.mark.parametrize("comment", ["Only the memo", "Ignore prices", "ignore prices.md please"])
def test_a_comment_limits_the_documents(comment: str) -> None:
    result = iterated(
        [MEMO, PRICES], proposal=proposal_of("Financial projections"), comments=(comment,)
    )

    cited = {point.citation.document for point in result.data_points}
    assert cited == {"memo"}


def test_a_comment_without_evidence_is_answered_honestly() -> None:
    result = iterated([MEMO], comments=("What about submarines?",))

    assert "nothing was found for it" in result.followed[0]


def test_a_comment_that_is_not_understood_is_said_to_be() -> None:
    result = iterated([MEMO], comments=("???", "\u2026"))

    assert [line.rpartition(": ")[2][:14] for line in result.followed] == ["not understood"] * 2


def test_progress_rises_through_all_four_parts_and_teaches() -> None:
    events = iterate([MEMO]).events

    told = [event for event in events if isinstance(event, Progress)]
    titles = [event.card.title for event in told if event.card]
    check_percent(told)
    assert {event.agent for event in told} == {"planner", "verifier", "executor", "generator"}
    assert titles == ["SWOT", "SWOT: done", "Risk assessment", "Risk assessment: done"]


def test_metrics_end_at_what_the_result_has() -> None:
    recording = iterate(real_documents(), proposal=proposal_of("SWOT", "PESTLE"))

    last = {event.name: event.value for event in recording.events if isinstance(event, Metric)}
    result = IterationResult.model_validate(recording.result)
    assert last["data_points"] == len(result.data_points)
    assert last["insights"] == len(result.insights)
    assert last["frameworks"] == len(result.frameworks) == 2
    assert last["citations"] == len(result.findings)


def test_a_framework_whose_search_fails_is_left_out_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(self: Evidence, phrases: object, limit: int = 0) -> dict[int, float]:
        raise sqlite3.OperationalError("disk image is malformed")

    monkeypatch.setattr(Evidence, "search_cues", broken)
    recording = iterate([MEMO])

    cards = [
        event.card.title for event in recording.events if isinstance(event, Progress) and event.card
    ]
    assert cards.count("This part was left out") == 2
    assert len(recording.result["gaps"]) == 8


HOSTILE = (
    '"; DROP TABLE evidence; -- NEAR(a b) AND OR NOT * ^ text:x {} ()',
    "\x00\x01\u202e\u0645\u0631\u062d\u0628\u0627 \U0001f680" * 20,
    "# Heading\n\n[memo#1] <script>alert(1)</script> [x](javascript:alert(1))",
    "word " * 4000,
    "a" * 20_000,
    "",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_ever_text(text: str) -> None:
    result = iterated([MEMO, document(text, id="hostile")], goal=text, comments=(text,), earlier=())

    assert len(result.followed) == 1


async def test_large_documents_do_not_block_the_loop_and_cancel_at_once() -> None:
    text = "\n".join(one.text for one in real_documents()) * 16
    given = {
        "goal": GOAL,
        "number": 1,
        "max_iterations": 1,
        "proposal": proposal_of("SWOT").model_dump(),
        "documents": [document(text, id=f"d{number}").model_dump() for number in range(3)],
    }
    flag = Flag()
    running = asyncio.create_task(record(engine("offline"), "iterate", given, flag=flag))
    await asyncio.sleep(0.05)

    flag.on, start = True, time.monotonic()
    with pytest.raises(Cancelled):
        await running
    assert time.monotonic() - start < 0.5
