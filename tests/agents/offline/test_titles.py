import pytest

from agents.offline.titles import title_of


@pytest.mark.parametrize(
    ("goal", "title"),
    [
        ("Please open a shop.", "Open a shop"),
        ("# We want to  grow\nfast", "Grow fast"),
        ("", "Plan without a goal"),
        ("***", "Plan without a goal"),
    ],
)
def test_a_title_is_the_goal_as_one_plain_line(goal: str, title: str) -> None:
    assert title_of(goal) == title


def test_a_long_goal_is_cut_at_a_clause_or_a_word() -> None:
    clause = "Decide whether to move the service to another region"

    assert title_of(f"{clause}, what it would cost, and who would have to do all of it") == (
        f"{clause}, what it would cost"
    )
    assert len(title_of("word " * 100)) <= 80
