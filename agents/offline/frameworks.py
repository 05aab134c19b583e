"""The ten frameworks by their names, and which of them a text speaks of."""

import re

from agents.offline.framework import Cell, Framework
from agents.offline.frameworks_context import CONTEXT
from agents.offline.frameworks_delivery import DELIVERY
from agents.offline.frameworks_position import POSITION
from agents.offline.terms import fold
from agents.plans import FRAMEWORKS

BY_NAME: dict[str, Framework] = {
    framework.name: framework for framework in (*POSITION, *CONTEXT, *DELIVERY)
}
# Frameworks that have something to ask of any goal.
GENERAL = ("SWOT", "Risk assessment", "Implementation roadmap", "PESTLE", "Value proposition")
# Cell names that are everyday words: a text that has them does not mean the cell.
EVERYDAY = frozenset({"size", "needs", "proof", "steps", "return", "impact", "gains", "launch"})


def known(name: str) -> Framework | None:
    return BY_NAME.get(name)


def in_plan_order(names: list[str]) -> list[str]:
    """Return the names in the order in which a plan applies them: position first, road last."""
    return sorted(names, key=lambda name: (BY_NAME[name].stage, FRAMEWORKS.index(name)))


def named_in(text: str) -> list[str]:
    """Return the frameworks that a text names, in the order in which it names them."""
    lower = fold(text).lower()
    found = {
        framework.name: place
        for framework in BY_NAME.values()
        if (place := _first(lower, (framework.name.lower(), *framework.aliases))) is not None
    }
    return sorted(found, key=lambda name: (found[name], FRAMEWORKS.index(name)))


def cells_named_in(text: str) -> list[tuple[Framework, Cell]]:
    """Return the cells that a text names, each with its framework, in the order of FRAMEWORKS."""
    lower = fold(text).lower()
    return [
        (BY_NAME[name], cell)
        for name in FRAMEWORKS
        for cell in BY_NAME[name].cells
        if _first(lower, _cell_names(cell)) is not None
    ]


def _cell_names(cell: Cell) -> tuple[str, ...]:
    name = cell.name.lower()
    return () if name in EVERYDAY else (name, name.removesuffix("s"))


def _first(lower: str, names: tuple[str, ...]) -> int | None:
    places = [
        found.start() for name in names if (found := re.search(rf"\b{re.escape(name)}\b", lower))
    ]
    return min(places) if places else None
