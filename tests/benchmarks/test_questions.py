"""The questions are what docs/explanation/question-quality.md says, and their gold is true."""

import os
from collections import Counter
from math import isclose
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.questions import data, loading
from benchmarks.questions.loading import HALVES, Question

ALL = {half: loading.load(half) for half in HALVES}


def _questions(half: loading.Half) -> list[Question]:
    return [question for sheet in ALL[half].values() for question in sheet]


def test_each_half_has_85_questions_or_more_about_the_same_eleven_data_sets():
    for half in HALVES:
        assert set(ALL[half]) == set(data.DATA_SETS)
        assert len(_questions(half)) >= 85
    sizes = [{name: len(sheet) for name, sheet in ALL[half].items()} for half in HALVES]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("half", HALVES)
def test_an_eighth_of_each_half_must_be_declined_and_a_few_need_asking_back(half: loading.Half):
    expected = Counter(question.expect for question in _questions(half))

    assert 0.10 <= expected["decline"] / expected.total() <= 0.14
    assert 0.02 <= expected["clarify"] / expected.total() <= 0.04


def test_each_half_has_each_kind_about_as_often():
    tuning, untouched = [Counter(one.kind for one in _questions(half)) for half in HALVES]

    assert set(tuning) == set(untouched) == set(get_args(loading.Kind))
    assert all(abs(tuning[kind] - untouched[kind]) <= 1 for kind in tuning)


def test_no_id_and_no_question_is_there_twice():
    both = [question for half in HALVES for question in _questions(half)]

    assert len({question.id for question in both}) == len(both)
    assert len({question.question.casefold() for question in both}) == len(both)


@pytest.mark.parametrize("name", data.DATA_SETS)
def test_gold_sql_gives_the_gold_answer(name: str, tmp_path: Path):
    if missing := data.missing_packages():
        assert os.environ.get("CI") != "true", f"CI must have installed {', '.join(missing)}"
        pytest.skip(f"**** gold answers NOT checked: {', '.join(missing)} not installed ****")
    readings = [
        (question.id, reading)
        for half in HALVES
        for question in ALL[half][name]
        for reading in question.readings
    ]
    with data.connect(name, data.data_files(name, tmp_path)) as connection:
        for of, reading in readings:
            columns, rows = data.answer(connection, reading.sql)
            assert columns == reading.columns, of
            assert _is_close(rows, reading.answer), of


def _is_close(rows: data.Rows, stored: data.Rows) -> bool:
    """Sums of floats depend on the order in which threads add; more than that may not differ."""
    return len(rows) == len(stored) and all(
        isclose(found, kept, rel_tol=1e-9, abs_tol=1e-12)
        if isinstance(found, float) and isinstance(kept, float)
        else found == kept and type(found) is type(kept)
        for row, stored_row in zip(rows, stored, strict=True)
        for found, kept in zip(row, stored_row, strict=True)
    )


GOLD = "gold: {sql: SELECT 1, compare: scalar, columns: [n], answer: [[1]]}"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (GOLD.replace("scalar", "about"), "compare"),
        (GOLD.replace("[[1]]", "[[1, 2]]"), "one value for each of columns"),
        (GOLD.replace("scalar", "ordered"), "order and take"),
        (GOLD.replace("scalar", "row, optional: [m]"), "columns has no m"),
        (GOLD.replace("scalar", "row, optional: [n]"), "optional leaves no column"),
        ("also: []", "gold goes with expect: answer"),
        (f"{GOLD}\n  {GOLD.replace('gold: {', 'also: [{')}]", "why"),
        (f"{GOLD}\n  hint: easy", "hint"),
    ],
)
def test_a_bad_sheet_is_refused_with_the_file_and_what_is_wrong(
    tmp_path: Path, line: str, complaint: str
):
    sheet = tmp_path / "iris.yaml"
    head = (
        "data: iris\nquestions:\n- id: one\n  kind: count\n  question: how many\n  expect: answer"
    )
    sheet.write_text(f"{head}\n  {line}\n")

    with pytest.raises(ValueError, match=rf"(?s)iris\.yaml.*{complaint}"):
        loading.read(sheet)


def test_an_unknown_data_set_is_refused_with_those_there_are(tmp_path: Path):
    sheet = tmp_path / "moons.yaml"
    sheet.write_text(
        "data: moons\nquestions: [{id: a, kind: decline, question: a, expect: decline}]"
    )

    with pytest.raises(ValueError, match="must be one of barley, cars"):
        loading.read(sheet)
