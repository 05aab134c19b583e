import pytest

from agents.plans import FRAMEWORKS
from tests.agents.offline.plans_of import document, propose, real_documents


def names_of(proposal) -> list[str]:
    return [name for names in proposal.frameworks for name in names]


def test_each_iteration_has_frameworks_and_the_text_names_them() -> None:
    proposal = propose(real_documents())

    assert len(proposal.frameworks) == 4
    assert all(names and set(names) <= set(FRAMEWORKS) for names in proposal.frameworks)
    assert all(name in proposal.approach for name in names_of(proposal))


def test_an_engineering_goal_gets_engineering_frameworks() -> None:
    names = names_of(propose(real_documents()))

    assert {"Risk assessment", "Implementation roadmap", "SWOT"} <= set(names)
    assert "Porter's Five Forces" not in names


def test_without_documents_a_proposal_says_so_and_asks_for_some() -> None:
    proposal = propose()

    assert "There are no documents" in proposal.approach
    assert "Which documents" in proposal.questions[0]
    assert len(proposal.frameworks) == 4


def test_words_that_no_document_has_become_a_question() -> None:
    proposal = propose([document("A text about bread.")], goal="Choose a submarine")

    assert any("submarine" in question for question in proposal.questions)


@pytest.mark.parametrize(
    ("comment", "iterations", "interval"),
    [
        ("Use 3 iterations", 3, 2),
        ("use two iterations please", 2, 2),
        ("1 iteration only", 1, 1),
        ("use 500 iterations", 20, 2),
        ("a checkpoint every iteration", 4, 1),
        ("checkpoints every 3", 4, 3),
    ],
)
def test_adjustments_change_the_counts_within_limits(
    comment: str, iterations: int, interval: int
) -> None:
    proposal = propose(adjustments=(comment,))

    assert (proposal.max_iterations, proposal.checkpoint_interval) == (iterations, interval)
    assert len(proposal.frameworks) == iterations


@pytest.mark.parametrize(
    "comment", ["leave out SWOT", "skip the SWOT", "no need for SWOT", "Please don't use SWOT."]
)
def test_a_framework_can_be_left_out(comment: str) -> None:
    assert "SWOT" not in names_of(propose(real_documents(), adjustments=(comment,)))


def test_a_framework_can_be_put_first_and_another_left_out_in_one_sentence() -> None:
    comment = "Skip risk assessment and focus on financial projections"

    proposal = propose(real_documents(), adjustments=(comment,))

    assert proposal.frameworks[0][0] == "Financial projections"
    assert "Risk assessment" not in names_of(proposal)


def test_the_newer_comment_wins() -> None:
    proposal = propose(adjustments=("leave out PESTLE", "add PESTLE again"))

    assert proposal.frameworks[0][0] == "PESTLE"


def test_documents_can_be_left_out() -> None:
    proposal = propose(real_documents(), adjustments=("ignore fontconfig",))

    assert "fontconfig-user" not in proposal.sources
    assert len(proposal.sources) == 3


def test_what_to_look_for_is_kept_for_the_iterations() -> None:
    proposal = propose(adjustments=("focus on database migrations, without pricing",))

    assert proposal.focus == ("database", "migrations")
    assert proposal.avoid == ("pricing",)


def test_what_is_not_understood_is_said() -> None:
    assert "not understood" in propose(adjustments=("???",)).approach


def test_a_goal_cannot_forge_headings_citations_or_tags() -> None:
    proposal = propose(goal="x\n# Forged\n\n[memo#1] <b>bold</b> `code`")

    assert "\n# Forged" not in proposal.approach
    assert "[memo#1]" not in proposal.approach
    assert "<b>" not in proposal.approach
    assert "\n" not in proposal.title
