import pytest

from agents.offline.steering import Wish, read
from tests.agents.offline.plans_of import document

DOCUMENTS = (
    document("", id="board-memo", title="Board memo.md"),
    document("", id="rules", title="Rules for staff.pdf"),
)


def wish(comment: str) -> Wish:
    (found,) = read([comment], DOCUMENTS)
    return found


@pytest.mark.parametrize(
    ("comment", "forward"),
    [
        ("Please focus on risks", ("Risk assessment",)),
        ("porters five forces and SWOT first", ("Porter's Five Forces", "SWOT")),
        ("what about weaknesses?", ("SWOT",)),
        ("a legal view", ("PESTLE",)),
    ],
)
def test_frameworks_are_known_by_their_names_and_cells(
    comment: str, forward: tuple[str, ...]
) -> None:
    assert wish(comment).forward == forward


def test_two_clauses_of_one_comment_mean_two_things() -> None:
    found = wish("skip PESTLE and focus on risks, without submarines")

    assert found.left_out == ("PESTLE",)
    assert found.forward == ("Risk assessment",)
    assert found.avoided == ("submarines",)


@pytest.mark.parametrize(
    ("comment", "only", "ignored"),
    [
        ("only the board memo", ("board-memo",), ()),
        ("use only board-memo", ("board-memo",), ()),
        ("ignore the rules", (), ("rules",)),
        ("leave out Rules for staff.pdf", (), ("rules",)),
        ("do not use the memo", (), ("board-memo",)),
    ],
)
def test_documents_are_known_by_id_title_and_distinctive_words(
    comment: str, only: tuple[str, ...], ignored: tuple[str, ...]
) -> None:
    assert (wish(comment).only, wish(comment).ignored) == (only, ignored)


@pytest.mark.parametrize("comment", ["more figures", "More hard numbers please", "quantify it"])
def test_a_wish_for_figures_is_understood(comment: str) -> None:
    assert wish(comment).more_figures


@pytest.mark.parametrize("comment", ["", "???", "\U0001f680", "the and of"])
def test_a_comment_that_says_nothing_is_not_understood(comment: str) -> None:
    assert not wish(comment).understood
