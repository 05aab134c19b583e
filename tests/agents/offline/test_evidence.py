from contextlib import closing

import pytest

from agents.exceptions import Cancelled
from agents.offline.evidence import Evidence
from tests.agents.offline.plans_of import document

TEXT = "# Report\n\n## Risks\n\nMigrations were risky. The baker sleeps. He was mitigating it."


def found(words: list[str], *, cues: bool = False) -> list[str]:
    with closing(Evidence([document(TEXT)], lambda: None)) as evidence:
        hits = evidence.search_cues(words) if cues else evidence.search(words)
        return [evidence.passages[place].text for place in hits]


def test_words_are_found_in_all_their_forms() -> None:
    assert "Migrations were risky." in found(["migration"])
    assert "The baker sleeps." in found(["sleeping"])


def test_a_cue_finds_the_words_that_begin_with_it() -> None:
    assert "He was mitigating it." in found(["mitigat*"], cues=True)


def test_a_heading_counts_for_the_sentences_below_it() -> None:
    assert len(found(["risks"])) == 4


@pytest.mark.parametrize(
    "text", ['"', "NEAR(a b)", "a AND", "*", "text:baker", "^", "-", "\x00", ""]
)
@pytest.mark.parametrize("cues", [True, False])
def test_query_syntax_is_only_ever_words(text: str, cues: bool) -> None:
    assert isinstance(found([text], cues=cues), list)


def test_rare_words_count_more_than_frequent_ones() -> None:
    text = " ".join(f"The common word stands here {number}." for number in range(20))
    with closing(Evidence([document(text + " A rare word.")], lambda: None)) as evidence:
        first = next(iter(evidence.search(["common", "rare"])))

        assert evidence.passages[first].text == "A rare word."


def test_indexing_stops_when_it_is_cancelled() -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Evidence([document(TEXT)], stop)
