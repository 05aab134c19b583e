"""Units that can be turned into each other exactly enough."""

_FAMILIES: tuple[dict[str, float], ...] = (
    {"mg": 0.001, "g": 1.0, "kg": 1000.0, "ton": 1e6, "lb": 453.59237, "oz": 28.349523125},
    {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "ft": 0.3048, "mi": 1609.344},
    {"ms": 0.001, "sec": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0},
)


def factor(of: str, to: str) -> float | None:
    """Return by what a figure in one unit is multiplied to be in another; None if it cannot be."""
    for family in _FAMILIES:
        if of in family and to in family:
            return family[of] / family[to]
    return None
