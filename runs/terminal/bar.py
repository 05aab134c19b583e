"""A progress bar in one line."""

from runs.terminal.text import cut

FULL, EMPTY = "█", "░"
LEAST, MOST = 10, 30  # columns of the bar itself


def render(percent: float, label: str, columns: int, *, unicode: bool = True) -> str:
    """Return a bar with its label, never wider than `columns`.

    A narrow terminal loses the bar first, then the end of the label; the percentage stays.
    """
    full, empty = (FULL, EMPTY) if unicode else ("#", "-")
    percent = min(100.0, max(0.0, percent))
    figure = f"{percent:3.0f}%"
    size = min(MOST, columns // 3)
    if size < LEAST:
        return cut(f"{figure} {label}", columns)
    done = int(size * percent / 100)
    return cut(f"{full * done}{empty * (size - done)} {figure} {label}", columns)
