"""Figures, whether they reach their target, and the table that says so."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value; `runs` are all its repeats. The target is `most` or `least`, if any."""

    case: str
    name: str
    setup: str
    runs: tuple[float, ...]
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def value(self) -> float:
        return median(self.runs)

    @property
    def verdict(self) -> str:
        if self.most is None and self.least is None:
            return ""
        is_met = (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )
        return "met" if is_met else "MISSED"

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"<= {_shown(self.most)} {self.unit}"
        return "" if self.least is None else f">= {_shown(self.least)} {self.unit}"


HEAD = ("case", "figure", "setup", "median", "of runs", "target", "")


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _shown(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.case.upper(),
        figure.name,
        figure.setup,
        f"{_shown(figure.value)} {figure.unit}",
        " ".join(_shown(run) for run in figure.runs),
        figure.target,
        figure.verdict,
    )


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table of a head and rows, aligned so that it reads well unrendered."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def markdown(figures: Sequence[Figure]) -> str:
    return aligned([HEAD, *(_cells(figure) for figure in figures)])


def as_json(figures: Sequence[Figure], machine: dict[str, Any]) -> str:
    rows = [
        {**asdict(figure), "value": figure.value, "verdict": figure.verdict} for figure in figures
    ]
    return json.dumps({"machine": machine, "figures": rows}, indent=2)
