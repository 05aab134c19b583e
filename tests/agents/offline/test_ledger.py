from agents.offline.evidence import Evidence
from agents.offline.ledger import Ledger, distinct_frameworks, open_gaps
from agents.plans import Finding, Gap, IterationResult
from tests.agents.offline.plans_of import document


def result(number: int, findings: tuple[Finding, ...] = (), gaps: tuple[Gap, ...] = ()):
    return IterationResult(
        number=number,
        focus="",
        frameworks=("SWOT",),
        findings=findings,
        data_points=(),
        insights=(),
        gaps=gaps,
    )


def passages(text: str):
    return Evidence([document(text)], lambda: None).passages


def finding(passage) -> Finding:
    return Finding(
        framework="SWOT", cell="Threats", text=passage.text, citations=(passage.citation(),)
    )


def test_a_sentence_that_says_the_same_is_not_new() -> None:
    used, alike, other = passages(
        "Old ovens waste energy every day. Old ovens waste energy each day. Rent is due in May."
    )

    ledger = Ledger([result(1, findings=(finding(used),))])

    assert [ledger.is_new(passage) for passage in (used, alike, other)] == [False, False, True]


def test_a_gap_is_open_until_a_later_iteration_fills_it() -> None:
    gap = Gap(framework="SWOT", cell="Threats", task="Find out.")
    (passage,) = passages("A new rival opened a shop.")

    assert open_gaps([result(1, gaps=(gap,))]) == [gap]
    assert open_gaps([result(1, gaps=(gap,)), result(2, findings=(finding(passage),))]) == []


def test_frameworks_are_counted_once() -> None:
    assert distinct_frameworks([result(1), result(2)]) == ("SWOT",)
