"""Memory, plans and strategies, and what they find."""

from planning.models.memory import Attachment, Entity, EntityLink, ReadText
from planning.models.plans import (
    Checkpoint,
    DataPoint,
    Finding,
    GapFound,
    Iteration,
    Plan,
    PlanDocument,
)
from planning.models.strategies import Strategy, StrategyDocument, StrategyStep

__all__ = [
    "Attachment",
    "Checkpoint",
    "DataPoint",
    "Entity",
    "EntityLink",
    "Finding",
    "GapFound",
    "Iteration",
    "Plan",
    "PlanDocument",
    "ReadText",
    "Strategy",
    "StrategyDocument",
    "StrategyStep",
]
