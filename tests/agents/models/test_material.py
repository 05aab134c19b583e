"""What a model reads fits into what it can read, and all of it stands behind the fence."""

from typing import Any

from agents.chats import Quoted, ResultTable, Turn
from agents.data_model import DataModel
from agents.models.material import HISTORY, NONE, ROWS, SCHEMA, Material
from agents.models.prompts import Fence
from agents.models.settings import ModelSettings

LITTLE = ModelSettings(context_tokens=700, max_tokens=300)
MUCH = ModelSettings()


def material(settings: ModelSettings = MUCH) -> Material:
    return Material(Fence("word"), settings)


def test_a_schema_names_columns_ranges_and_keys(sales: dict[str, Any]) -> None:
    text = material().schema(DataModel.model_validate(sales["model"]))

    assert text.startswith('<<<DATA word data set>>>\ntable "sales" (6 rows')
    assert "from 80 to 175" in text


def test_a_schema_that_does_not_fit_keeps_its_columns_before_their_ranges(
    sales: dict[str, Any],
) -> None:
    small = material(LITTLE)

    text = small.schema(DataModel.model_validate(sales["model"]))

    assert '- "loaves" BIGINT\n' in text
    assert len(text) < small.room(SCHEMA) + 100


def test_the_newest_turns_are_kept_in_their_order() -> None:
    turns = [Turn(question=f"Question {n}", answer="x" * 40) for n in range(50)]
    small = material(LITTLE)

    text = small.history(turns)

    assert "Question 49" in text
    assert "Question 0\n" not in text
    assert text.index("Question 48") < text.index("Question 49")
    assert len(text) < small.room(HISTORY) + 200


def test_nothing_is_said_to_be_nothing() -> None:
    assert material().history(()) == material().references(()) == material().wishes(()) == NONE


def test_a_result_says_how_many_rows_there_are_and_shows_the_first() -> None:
    rows = tuple((n, "x" * 500) for n in range(ROWS + 20))
    result = ResultTable(
        columns=("n", "n"), types=("BIGINT", "VARCHAR"), rows=rows, row_count=9_999
    )

    text = material().result(result)

    assert f"9999 rows, the first {ROWS} of them" in text
    assert '["n", "n"]\n[0, "xxx' in text
    assert "x" * 201 not in text


def test_files_share_the_room() -> None:
    quoted = [Quoted(reference=n, path=n, kind="text", text="y" * 9_000) for n in ("a.md", "b.md")]
    small = material(LITTLE)

    text = small.references(quoted)

    assert text.count("[cut here") == 2
    assert text.count("<<<DATA word file") == 2


def test_wishes_of_people_are_no_data_and_the_newest_are_kept() -> None:
    assert material().wishes(["More\ncosts.", "Fewer risks."]) == "- More costs.\n- Fewer risks."
    assert "wish 99" in material(LITTLE).wishes([f"wish {n} {'x' * 50}" for n in range(100)])
