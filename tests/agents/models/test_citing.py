from agents.models import citing
from agents.models.citing import Sources
from agents.offline.evidence import Passage


def passage(number: int, text: str = "A sentence.") -> Passage:
    return Passage(
        document="report", title="", number=number, text=text, kind="prose", heading="", index=0
    )


def test_sentences_are_cited_by_the_numbers_under_which_they_were_given() -> None:
    sources = Sources((passage(7, "Seven."), passage(9, "Nine.")))

    assert sources.lines() == ["1. Seven. (report)", "2. Nine. (report)"]
    assert [one.sentence for one in sources.citations([2, 1, 2, 0, 3, -1])] == [9, 7]


def test_only_sentences_that_fit_are_given_and_always_one() -> None:
    many = [passage(number, "x" * 90) for number in range(1, 50)]

    assert len(Sources.within(many, 450).passages) == 4
    assert len(Sources.within(many, 5).passages) == 1
    assert Sources.within([], 5).passages == ()


def test_a_citation_that_does_not_exist_loses_its_brackets() -> None:
    text, unknown = citing.checked(
        "So [report#1] and [report#2], [link](x#3).", frozenset({"[report#1]"})
    )

    assert text == "So [report#1] and (report #2) [unverified], [link](x#3)."
    assert unknown == ("[report#2]",)
