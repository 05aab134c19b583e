"""What a run used of language models, as its steps have told it."""

from collections.abc import Iterable
from uuid import UUID

from runs.models import Run, Step

FIGURES = ("input_tokens", "output_tokens", "requests", "cost_usd")


def of(run: Run) -> dict[str, float] | None:
    """Return tokens, requests and the cost where it is known; None if no model was asked."""
    return total(Step.objects.filter(run=run).exclude(usage={}).values_list("usage", flat=True))


def of_stream(stream_id: UUID) -> dict[str, float] | None:
    """Return what all runs of a stream used."""
    steps = Step.objects.filter(run__stream=stream_id).exclude(usage={})
    return total(steps.values_list("usage", flat=True))


def total(used: Iterable[dict[str, float]]) -> dict[str, float] | None:
    counted: dict[str, float] = {}
    for usage in used:
        for name in FIGURES:
            if name in usage:
                counted[name] = round(counted.get(name, 0) + usage[name], 6)
    return counted or None


def words(counted: dict[str, float] | None) -> str:
    """Return what was used as people read it; nothing if no model was asked."""
    if counted is None:
        return ""
    text = (
        f"{counted.get('input_tokens', 0):,.0f} tokens read, "
        f"{counted.get('output_tokens', 0):,.0f} written, "
        f"{counted.get('requests', 0):,.0f} requests"
    )
    return f"{text}, ${counted['cost_usd']:,.4f}" if "cost_usd" in counted else text
