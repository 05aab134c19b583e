from agents.contract import GOAL, check_deltas
from agents.strategies import Strategy
from agents.strategy_guides import STEPS
from tests.agents.offline.plans_of import document
from tests.agents.offline.strategies_of import MEMO, step, strategy


def written(*left_out, documents=(MEMO,)) -> Strategy:
    found = strategy(documents, left_out)[-1].strategy
    assert found is not None
    return found


def test_each_step_has_its_section_and_each_finding_its_line() -> None:
    """Row 3-41."""
    text = written().markdown

    for guide in STEPS[:-1]:
        assert f"\n## {guide.title}\n" in text
    for one in strategy():
        for finding in one.findings:
            cited = finding.citations[0]
            assert f"[{cited.document}#{cited.sentence}]" in text


def test_the_counts_equal_what_the_steps_found() -> None:
    found, results = written(), strategy()

    assert found.findings == sum(len(one.findings) for one in results)
    points = {(p.citation.sentence, p.text) for one in results for p in one.data_points}
    assert found.data_points == len(points)
    assert f"- Open gaps: {found.gaps}\n" in found.markdown


def test_a_step_that_failed_is_named_with_its_reason() -> None:
    """Row 3-4."""
    text = written("competition").markdown

    missing = text.partition("## What is missing")[2].partition("\n## ")[0]
    assert "**Analyzing the competition** could not be done: The search failed." in missing
    assert "Competitive analysis and Porter's Five Forces" in missing
    assert "## Analyzing the competition" not in text
    assert "- Steps missing: 1\n" in text
    assert "What is missing" not in written().markdown


def test_without_documents_it_is_a_list_of_questions() -> None:
    found = written(documents=())

    assert found.findings == 0
    assert "so this is a list of questions" in found.markdown
    assert found.gaps > 30


def test_text_of_documents_makes_no_markup() -> None:
    """Reliability 22."""
    hostile = document(
        "There is a risk that <b>bold</b> [links](https://x.example) break a bakery."
    )

    text = written(documents=(hostile,)).markdown

    assert "<b>" not in text
    assert "](https" not in text


def test_the_pieces_told_make_up_the_document() -> None:
    recording = step("document", earlier=strategy()[:-1])

    told = "".join(getattr(event, "text", "") for event in recording.events)
    assert told == recording.result["strategy"]["markdown"]
    check_deltas("strategy", recording)
    assert GOAL in told
