"""Small curves as SVG, readable in light and dark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 360, 240, 56, 44, 16, 40
COLORS = ("#2f6fde", "#d9822b")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#59636e}.t{font-weight:600}"
    "line{stroke:#8b949e;stroke-opacity:.35}path{fill:none;stroke-width:2}"
)


@dataclass(frozen=True, slots=True)
class Curve:
    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    unit: str
    curves: Sequence[Curve]


def draw(panels: Sequence[Panel]) -> str:
    """Return a picture of two panels a row; sizes are on a logarithmic axis, values from 0 on."""
    rows = math.ceil(len(panels) / 2)
    inner = "".join(
        f'<g transform="translate({index % 2 * WIDTH},{index // 2 * HEIGHT})">{_panel(one)}</g>'
        for index, one in enumerate(panels)
    )
    size = f'width="{2 * WIDTH}" height="{rows * HEIGHT}"'
    box = f'viewBox="0 0 {2 * WIDTH} {rows * HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">'
    return f"{head}<style>{STYLE}</style>{inner}</svg>\n"


def _panel(panel: Panel) -> str:
    points = [point for curve in panel.curves for point in curve.points]
    title = f'<text class="t" x="{LEFT}" y="18">{panel.title}</text>'
    unit = f'<text x="{LEFT}" y="34">{panel.unit}</text>'
    if not points:
        return title + unit
    low, high = min(x for x, _ in points), max(x for x, _ in points)
    most = _nice(max(y for _, y in points))

    def at(x: float, y: float) -> tuple[float, float]:
        share = math.log(x / low) / math.log(high / low) if high > low else 0.5
        across = LEFT + share * (WIDTH - LEFT - RIGHT)
        return round(across, 1), round(HEIGHT - BOTTOM - y / most * (HEIGHT - TOP - BOTTOM), 1)

    parts = [title, unit]
    for share in (0, 0.5, 1):
        _, y = at(low, most * share)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{most * share:g}</text>')
    for size in sorted({x for x, _ in points}):
        x, y = at(size, 0)
        parts.append(f'<text x="{x}" y="{y + 16}" text-anchor="middle">{_short(size)}</text>')
    for number, curve in enumerate(panel.curves):
        places = [at(x, y) for x, y in curve.points]
        line = " L".join(f"{x} {y}" for x, y in places)
        color = COLORS[number % len(COLORS)]
        parts.append(f'<path d="M{line}" stroke="{color}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in places]
        label = f'x="{WIDTH - RIGHT}" y="{18 + 16 * number}" text-anchor="end"'
        parts.append(f'<text {label} style="fill:{color}">{curve.name}</text>')
    return "".join(parts)


def _nice(value: float) -> float:
    step = 10 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(step * times for times in (1, 2, 5, 10) if step * times >= value)


def _short(size: float) -> str:
    for limit, letter in ((1e6, "M"), (1e3, "k")):
        if size >= limit:
            return f"{size / limit:g}{letter}"
    return f"{size:g}"
