"""The benchmarks can be started, and say what they found without flattering it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import table
from benchmarks.sites import ROOT, environment
from benchmarks.table import Figure

FAST = Figure(
    case="p8", name="approval", setup="daphne", runs=(9.0, 7.5, 30.0), unit="ms", most=10.0
)
SLOW = Figure(case="p10", name="500 runs", setup="worker", runs=(7.25,), unit="s", most=4.5)
BARE = Figure(case="p3", name="memory", setup="peer", runs=(43.0, 45.0), unit="kB")


def test_a_figure_is_the_median_of_its_runs():
    assert FAST.value == 9.0
    assert BARE.value == 44.0


def test_a_missed_target_is_printed_as_missed_with_its_figure():
    lines = table.markdown([FAST, SLOW, BARE]).splitlines()

    assert [line.split("|")[-2].strip() for line in lines[2:]] == ["met", "MISSED", ""]
    assert "7.25 s" in lines[3]
    assert "<= 4.50 s" in lines[3]
    assert len({len(line) for line in lines}) == 1


def test_the_json_holds_all_runs_and_the_machine():
    found = json.loads(table.as_json([SLOW], {"cores": 2}))

    assert found["machine"] == {"cores": 2}
    assert found["figures"][0]["runs"] == [7.25]
    assert found["figures"][0]["verdict"] == "MISSED"


def test_a_percentile_is_one_of_the_values():
    values = [float(value) for value in range(1, 101)]

    assert table.percentile(values, 50) == 51.0
    assert table.percentile(values, 99) == 100.0
    assert table.percentile([3.0], 99) == 3.0


def test_an_unknown_case_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        command.main(["p99"])

    assert "There is no case p99" in capsys.readouterr().err


def test_each_process_of_the_benchmarks_can_be_loaded(tmp_path: Path):
    modules = "benchmarks.application, benchmarks.seed, benchmarks.worker"

    subprocess.run(
        [sys.executable, "-c", f"import {modules}"],
        env=environment(tmp_path, runner="off"),
        cwd=ROOT,
        check=True,
        timeout=60,
    )
