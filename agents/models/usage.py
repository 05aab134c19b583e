"""What a step used, as its `Done` tells it."""

from pydantic_ai.usage import RunUsage


def told(usage: RunUsage) -> dict[str, float]:
    """Return tokens and requests, and the cost in US dollars where the price is known."""
    counted: dict[str, float] = {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "requests": usage.requests,
    }
    if usage.cost is not None:
        counted["cost_usd"] = round(float(usage.cost), 6)
    return counted
