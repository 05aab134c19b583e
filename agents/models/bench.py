"""What the steps of one engine share: the model, and the offline engine that works beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agents.adapters import Call, Put, from_engine
from agents.base import AgentEvent, Done, Engine, Progress
from agents.exceptions import Permanent
from agents.models.settings import ModelSettings

if TYPE_CHECKING:
    from pydantic_ai.models import Model  # named only: importing it takes a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`client` makes the client of the model, or raises Permanent (`engine_not_configured`)."""

    engine: str
    model: str
    settings: ModelSettings
    client: "Callable[[str, ModelSettings], Model]"
    offline: Callable[[], Engine]


async def worked_out(bench: Bench, call: Call, put: Put, *, upto: float) -> Mapping[str, Any]:
    """Return what the offline engine makes of the step; its progress counts up to a percentage."""
    results: list[Mapping[str, Any]] = []

    async def heard(event: AgentEvent) -> None:
        if isinstance(event, Progress):
            await put(replace(event, percent=round(event.percent * upto / 100, 2)))
        elif isinstance(event, Done):
            results.append(event.result)

    await from_engine(bench.offline)(call, heard)
    if not results:
        raise Permanent("The offline engine ended a step without a result.", code="bad_engine")
    return results[0]
