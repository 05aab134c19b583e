"""`python -m benchmarks [--repeats N] [case ...]`: all cases but `scaling`, which takes long, or those named."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import (
    fanout,
    history,
    planning,
    rendering,
    scaling,
    startup,
    streaming,
    tokens,
    weights,
)
from benchmarks.load import allow_many_files
from benchmarks.table import Figure, as_json, markdown

CASES: dict[str, Callable[[int], list[Figure]]] = {
    "connect": streaming.connect,
    "p1": fanout.p1,
    "p2": fanout.p2,
    "p3": streaming.p3,
    "p4": streaming.p4,
    "p5": tokens.p5,
    "p6": history.p6,
    "p7": history.p7,
    "p8": planning.p8,
    "p9": planning.p9,
    "p10": planning.p10,
    "p11": history.p11,
    "p12": weights.p12,
    "render": rendering.render,
    "startup": startup.startup,
    "scaling": scaling.scaling,
}
RESULTS = Path(__file__).resolve().parent / "results"


def machine() -> dict[str, Any]:
    return {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", help=f"of {', '.join(CASES)}")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.cases) - set(CASES)):
        parser.error(f"There is no case {', '.join(unknown)}; there are {', '.join(CASES)}.")
    allow_many_files()
    around = machine()
    figures: list[Figure] = []
    for name in given.cases or [case for case in CASES if case != "scaling"]:
        print(f"{name}: {CASES[name].__doc__}", file=sys.stderr, flush=True)
        figures += CASES[name](given.repeats)
        _write(figures, around)
    print(markdown(figures))


def _write(figures: list[Figure], around: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    facts = ", ".join(f"{name} {value}" for name, value in around.items())
    (RESULTS / "latest.md").write_text(f"{markdown(figures)}\n\n{facts}\n")
    (RESULTS / "latest.json").write_text(f"{as_json(figures, around)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
