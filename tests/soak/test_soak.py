"""A soak of a few seconds; `make soak` takes as long as one likes."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e import house, story
from tests.soak import judging
from tests.soak.course import FARM_FAULTS, POSTGRESQL, SQLITE, WEB_FAULTS, draw
from tests.soak.people import Seen, Sight

JOB = draw(1, SQLITE, 10).jobs[0]


def test_a_seed_gives_the_same_course_each_time_and_another_seed_another():
    assert draw(7, POSTGRESQL, 600) == draw(7, POSTGRESQL, 600)
    assert draw(7, POSTGRESQL, 600).faults != draw(8, POSTGRESQL, 600).faults


def test_ten_minutes_have_fifty_faults_of_every_kind_there_is_on_the_database():
    many, few = draw(7, POSTGRESQL, 600).faults, draw(7, SQLITE, 600).faults

    assert len(many) >= 50
    assert {fault.kind for fault in many} == {*WEB_FAULTS, *FARM_FAULTS}
    assert {fault.kind for fault in few} == set(WEB_FAULTS)


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.usefixtures("address")
def test_a_short_soak_breaks_no_promise(tmp_path: Path):
    """Reliability 1, 3, 4, 8 and 14, all at once: what dies and is cut loses and doubles nothing."""
    report = tmp_path / "report.md"
    options = f"--minutes 0.33 --seed 44 --folder {tmp_path} --report {report}".split()
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", *options],
        cwd=house.ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "| violations | 0 |" in report.read_text()
    assert "kill worker 1" in report.read_text()


@pytest.fixture
def place(undisturbed: Path, tmp_path: Path) -> Path:
    """Return a folder with a plan in which all is well, for a test to break."""
    shutil.copytree(undisturbed, tmp_path / "var")
    return tmp_path / "var"


def seen_of(place: Path) -> Seen:
    [(run,)] = story.query(place, "SELECT id FROM runs_run")
    gates = story.query(place, "SELECT id, comment FROM runs_gate")
    return Seen(
        sights=[Sight(JOB, run, who, story.bodies(place)) for who in ("client", "stranger")],
        winners={gate: [comment] for gate, comment in gates},
    )


def test_the_judge_finds_nothing_where_nothing_is_wrong(place: Path):
    assert judging.judge(place, seen_of(place)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DELETE FROM streams_streamevent WHERE position = 9", "a log has holes"),
        ("UPDATE runs_run SET state = 'queued'", "a run has not ended"),
        ("UPDATE runs_run SET state = 'failed'", "a run failed"),
        (
            "UPDATE runs_gate SET comment = 'I did' WHERE name = 'proposal-1'",
            "was decided by 'I did'",
        ),
        ("UPDATE streams_stream SET last_position = last_position + 1", "a log has holes"),
        (
            "INSERT INTO runs_answer (gate_id, user_id, decision, digest, comment, via, created_at)"
            " SELECT gate_id, NULL, decision, digest, comment, via, created_at FROM runs_answer",
            "a gate has two answers",
        ),
    ],
)
def test_the_judge_finds_what_is_wrong_with_the_rows(change: str, found: str, place: Path):
    seen = seen_of(place)
    with closing(sqlite3.connect(house.database(place))) as database, database:
        database.execute(change)

    assert any(found in one for one in judging.judge(place, seen))


def missing(sight: Sight) -> None:
    del sight.events[5]


def doubled(sight: Sight) -> None:
    sight.events.insert(5, sight.events[5])


def cut_short(sight: Sight) -> None:
    sight.events.pop()


@pytest.mark.parametrize("harm", [missing, doubled, cut_short])
def test_the_judge_finds_what_a_watcher_missed_or_saw_twice(harm, place: Path):
    seen = seen_of(place)
    harm(seen.sights[1])

    [found] = judging.judge(place, seen)

    assert f"{JOB.name} ({JOB.kind}), stranger saw" in found


def test_the_judge_finds_a_job_that_told_something_else_than_its_like(place: Path):
    seen = seen_of(place)
    seen.sights.append(Sight(JOB, seen.sights[0].run_id, "client", story.bodies(place)))
    seen.sights[0].events[10]["data"] = {"message": "Something else."}

    assert any("told otherwise: " in one for one in judging.judge(place, seen))
