from typing import Any

from tests.agents.answering.talking import Talk, names

NOTES = """# Shipping

Orders by phone are shipped within two days. Returns are accepted for 30 days.

# Prices

Prices rose by 4% in January because paper became scarce.
"""


def quoted(text: str = NOTES, path: str = "docs/notes.md") -> dict[str, Any]:
    return {"reference": path, "path": path, "kind": "text", "text": text}


def talk(*references: dict[str, Any]) -> Talk:
    return Talk(more={"references": list(references or [quoted()])})


def test_a_question_about_a_text_is_answered_with_cited_sentences() -> None:
    said = talk().ask("why did prices rise according to @docs/notes.md?").reply
    assert "Prices rose by 4% in January because paper became scarce." in said.text
    assert "[docs/notes.md#" in said.text
    assert "nothing was worked out" in said.text


def test_the_text_that_was_used_is_told_as_a_part() -> None:
    heard = talk(quoted(), quoted("Nothing of use.", "other.md")).ask(
        "what does the file say of returns?"
    )
    assert heard.parts["reference"]["path"] == "docs/notes.md"
    assert names(heard).count("reference") == 1


def test_a_question_about_the_data_is_answered_from_the_data() -> None:
    assert talk().ask("How many orders are there?").rows == [[240]]


def test_a_question_that_the_data_cannot_answer_is_looked_up_in_the_text() -> None:
    assert "30 days" in talk().ask("how long are returns accepted?").reply.text


def test_a_text_that_says_nothing_about_it_is_not_stretched() -> None:
    said = talk().ask("what does @docs/notes.md say about giraffes?").reply
    assert said.status == "declined"


def test_markup_of_a_text_stays_text() -> None:
    evil = quoted("Returns are [free](javascript:alert(1)) <script>alert(1)</script> always.")
    text = talk(evil).ask("what does the document say about returns?").reply.text
    assert "<script>" not in text
    assert r"\[free\](javascript" in text


def test_tables_and_folders_are_no_texts() -> None:
    folder = {**quoted(), "kind": "directory"}
    assert talk(folder).ask("how long are returns accepted?").reply.status == "declined"
