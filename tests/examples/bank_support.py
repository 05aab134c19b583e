"""Support of a bank, as somebody wrote it who has never heard of Cairn.

An ordinary pydantic-ai Agent with tools, dependencies and an approval. Its model is a function,
so that it answers the same each time, without a key or a network.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pydantic_ai import Agent, RunContext
from pydantic_ai.messages import ModelMessage, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel


@dataclass
class Bank:
    """Keeps what is done to cards in a file; each line is something that really happened."""

    ledger: Path

    def balance(self, customer: str) -> float:
        return {"ada": 123.45}.get(customer, 0)

    def block(self, customer: str, card: str, reason: str) -> None:
        with self.ledger.open("a") as lines:
            lines.write(json.dumps([customer, card, reason]) + "\n")


@dataclass
class Customer:
    name: str
    bank: Bank


async def think(
    messages: list[ModelMessage], info: AgentInfo
) -> AsyncIterator[str | dict[int, DeltaToolCall]]:
    """Stand in for a language model: look the balance up, then block the card, then say so."""
    places = [at for at, one in enumerate(messages) if _asked(one)]
    asked = _asked(messages[places[-1]]).lower()
    returned = [
        part
        for one in messages[places[-1] :]
        for part in one.parts
        if isinstance(part, ToolReturnPart)
    ]
    if "lost" not in asked:
        yield f"This is message {len(places)} of our talk. How can I help?"
    elif not returned:
        yield {0: DeltaToolCall("balance", "{}", tool_call_id="look-1")}
    elif len(returned) == 1:
        yield "I am sorry to hear that. "
        yield f"There are EUR {returned[0].content} to protect."
        wish = json.dumps({"card": "visa", "reason": "lost"})
        yield {1: DeltaToolCall("block_card", wish, tool_call_id="block-1")}
    else:
        for word in f"{returned[-1].content} Anything else?".split():
            yield f"{word} "


def _asked(message: ModelMessage) -> str:
    return "".join(str(one.content) for one in message.parts if isinstance(one, UserPromptPart))


support_agent = Agent(
    FunctionModel(stream_function=think, model_name="bank-model"),
    name="support",
    deps_type=Customer,
    instructions="You work for the support of a bank. Block a card only if it is lost.",
)


@support_agent.tool
def balance(ctx: RunContext[Customer]) -> float:
    """Return what the customer has."""
    return ctx.deps.bank.balance(ctx.deps.name)


@support_agent.tool(requires_approval=True)
def block_card(ctx: RunContext[Customer], card: str, reason: str) -> str:
    """Block a card of the customer for good."""
    ctx.deps.bank.block(ctx.deps.name, card, reason)
    return f"Your {card} card is blocked."
