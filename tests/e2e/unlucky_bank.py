"""The bank's agent on a bad day: once, after its tool has done its work, something goes wrong."""

import os
import signal
from collections.abc import AsyncIterator

from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel

from tests.examples import bank_in_cairn, bank_support

HAPPENED = bank_in_cairn.bank.ledger.with_name("happened")


async def think(
    messages: list[ModelMessage], info: AgentInfo
) -> AsyncIterator[str | dict[int, DeltaToolCall]]:
    if bank_in_cairn.bank.ledger.exists() and not HAPPENED.exists():
        HAPPENED.touch()
        if os.environ["BANK_MISHAP"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise ModelHTTPError(429, "bank-model")
    async for said in bank_support.think(messages, info):
        yield said


bank_support.support_agent.model = FunctionModel(stream_function=think)
agent = bank_in_cairn.agent
