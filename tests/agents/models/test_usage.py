from decimal import Decimal

from pydantic_ai.usage import RunUsage

from agents.models.usage import told


def test_the_cost_is_told_only_where_it_is_known() -> None:
    usage = RunUsage(input_tokens=10, output_tokens=2, requests=1)

    assert told(usage) == {"input_tokens": 10, "output_tokens": 2, "requests": 1}
    usage.cost = Decimal("0.0012345678")
    assert told(usage)["cost_usd"] == 0.001235
