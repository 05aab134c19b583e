from agents.offline.planner import assign
from agents.offline.steering import read
from agents.plans import Gap, IterateInput, IterationResult, Proposal
from tests.agents.offline.plans_of import GOAL, document


def ask(number: int, *earlier: IterationResult) -> IterateInput:
    proposal = Proposal(
        title="",
        approach="",
        frameworks=(("SWOT",), ("PESTLE",), ("Risk assessment",)),
        sources=("memo",),
        max_iterations=3,
        checkpoint_interval=1,
    )
    return IterateInput(
        goal=GOAL,
        number=number,
        max_iterations=3,
        proposal=proposal,
        documents=(document("Text."), document("Other.", id="other")),
        earlier=earlier,
    )


def result(number: int, *names: str, gaps: tuple[Gap, ...] = ()) -> IterationResult:
    return IterationResult(
        number=number,
        focus="",
        frameworks=names,
        findings=(),
        data_points=(),
        insights=(),
        gaps=gaps,
    )


def names(number: int, *earlier: IterationResult, comment: str = "") -> list[str]:
    wishes = read([comment] if comment else [], ())
    return [framework.name for framework in assign(ask(number, *earlier), wishes).frameworks]


def test_each_iteration_takes_the_next_frameworks_of_the_proposal() -> None:
    assert names(1) == ["SWOT"]
    assert names(2, result(1, "SWOT")) == ["PESTLE"]


def test_a_framework_pulled_forward_comes_before_the_planned_one() -> None:
    assert names(1, comment="focus on risks") == ["Risk assessment", "SWOT"]


def test_what_was_pulled_forward_is_replaced_when_its_turn_comes() -> None:
    earlier = result(1, "Risk assessment", "SWOT"), result(2, "PESTLE")

    assert names(3, *earlier) == ["Implementation roadmap"]


def test_a_framework_that_is_left_out_is_replaced_by_a_later_one() -> None:
    assert names(1, comment="leave out SWOT") == ["PESTLE"]


def test_gaps_of_earlier_iterations_are_looked_at_again() -> None:
    gap = Gap(framework="SWOT", cell="Threats", task="Find out.")

    assert assign(ask(2, result(1, "SWOT", gaps=(gap,))), ()).gaps == (gap,)


def test_only_the_sources_of_the_proposal_are_searched() -> None:
    assert [one.id for one in assign(ask(1), ()).documents] == ["memo"]
