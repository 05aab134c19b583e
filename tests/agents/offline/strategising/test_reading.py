from agents.contract import GOAL
from tests.agents.offline.plans_of import document, real_documents
from tests.agents.offline.strategies_of import MEMO, result


def test_the_context_quotes_sentences_about_the_goal() -> None:
    found = result("context")

    assert found.findings
    assert all(finding.citations[0].quote in MEMO.text for finding in found.findings)
    assert "EUR 2,400" in {point.text for point in found.data_points}


def test_words_of_the_goal_that_nobody_wrote_about_are_open() -> None:
    found = result("context", (document("A bakery opened its doors in the old town of Bergen."),))

    assert [gap.cell for gap in found.gaps] == ["Words of the goal"]
    assert "budget" in found.gaps[0].task


def test_without_documents_there_is_one_task() -> None:
    found = result("context", documents=())

    assert [gap.cell for gap in found.gaps] == ["Documents"]
    assert (found.findings, found.data_points) == ((), ())


def test_no_document_speaks_alone_where_several_do() -> None:
    found = result("context", real_documents(), goal="Upgrade Django to version 5.2 this year")

    cited = [finding.citations[0].document for finding in found.findings]
    assert len(set(cited)) > 1
    assert max(map(cited.count, cited)) <= 4


def test_hostile_text_is_only_quoted() -> None:
    hostile = document(f'The bakery says <script>alert("{GOAL}")</script> to open a second bakery.')

    assert result("context", (hostile,)).step == "context"
