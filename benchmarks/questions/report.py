"""Counts of right, wrong and declined, kept in benchmarks/results/questions.json and .md.

Only counts are kept of the untouched half. A half that was not asked keeps the counts it had.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.questions.judging import Verdict
from benchmarks.questions.loading import Half, Question
from benchmarks.table import aligned

RESULTS = Path(__file__).resolve().parent.parent / "results"
OUTCOMES = ("right", "wrong", "declined")
HEAD = ("half", "data set", "questions", *OUTCOMES, "right of answered")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its verdict; `shown` says in one line what the engine answered."""

    data: str
    question: Question
    verdict: Verdict
    shown: str
    milliseconds: float


def counts(asked: Sequence[Asked]) -> dict[str, int]:
    found = {name: sum(one.verdict.outcome == name for one in asked) for name in OUTCOMES}
    return {"questions": len(asked), **found}


def grouped(asked: Sequence[Asked], by: str) -> dict[str, dict[str, int]]:
    """Return the counts for each data set (`data`), or what is `expect`ed, or each `kind`."""
    keys = [one.data if by == "data" else str(getattr(one.question, by)) for one in asked]
    return {
        key: counts([one for one, its in zip(asked, keys, strict=True) if its == key])
        for key in sorted(set(keys))
    }


def summary(half: Half, asked: Sequence[Asked]) -> dict[str, Any]:
    """Return what is kept of a half: never single questions of the untouched one."""
    times = [one.milliseconds for one in asked]
    found: dict[str, Any] = {
        "total": counts(asked),
        "data": grouped(asked, "data"),
        "expect": grouped(asked, "expect"),
        "milliseconds": {"median": round(median(times)), "most": round(max(times))},
    }
    if half == "tuning":
        found["kind"] = grouped(asked, "kind")
        found["outcomes"] = {one.question.id: one.verdict.outcome for one in asked}
    return found


def markdown(halves: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of all halves, with what was expected and when it was measured."""
    rows: list[tuple[str, ...]] = [HEAD]
    facts = []
    for half, found in sorted(halves.items()):
        rows += [_row(half, name, of) for name, of in found["data"].items()]
        rows.append(_row(half, "all", found["total"]))
        rows += [_row(half, f"expect: {name}", of) for name, of in found["expect"].items()]
        facts.append(f"{half}: {_facts(found)}")
    return "\n\n".join([aligned(rows), *facts])


def _row(half: str, name: str, found: Mapping[str, int]) -> tuple[str, ...]:
    answered = found["right"] + found["wrong"]
    share = f"{100 * found['right'] / answered:.0f} %" if answered else "-"
    return (half, name, str(found["questions"]), *(_part(found, of) for of in OUTCOMES), share)


def _part(found: Mapping[str, int], outcome: str) -> str:
    return f"{found[outcome]} ({100 * found[outcome] / found['questions']:.0f} %)"


def _facts(found: Mapping[str, Any]) -> str:
    times = found["milliseconds"]
    machine = ", ".join(f"{name} {value}" for name, value in found.get("machine", {}).items())
    return f"median {times['median']} ms, most {times['most']} ms a question; {machine}"


def keep(halves: Mapping[str, Mapping[str, Any]], folder: Path) -> str:
    """Write the counts beside those kept before; return the table of all."""
    path = folder / "questions.json"
    kept = json.loads(path.read_text())["halves"] if path.exists() else {}
    kept.update(halves)
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps({"halves": kept}, indent=2) + "\n")
    table = markdown(kept)
    (folder / "questions.md").write_text(f"{table}\n")
    return table
