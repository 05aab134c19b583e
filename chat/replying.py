"""The run that answers a message: rounds of the engine, with a gate wherever a person must say."""

from functools import partial
from typing import Any, Literal
from uuid import UUID

from agents.base import Decision
from agents.chats import ReplyInput
from agents.exceptions import Permanent
from chat import asking, conversation
from chat.conf import chat_settings
from chat.models import ChatSession
from chat.rounds import EngineRound
from runs.context import RunContext

OPERATION: Literal["reply"] = "reply"


async def reply(context: RunContext) -> str:
    """Answer a message: one step a round, until the engine is done or has asked too often."""
    session, given = await context.read(partial(_load, context.run.arguments))
    state: Any = None
    decisions: dict[str, Decision] = {}
    most = chat_settings().most_rounds
    for number in range(1, most + 1):
        work = EngineRound(context, session, OPERATION, given, number, state, decisions)
        ended = await work.done()
        if ended.asks is None:
            return _closing(ended.end.status)
        gate = await context.ask(
            asking.question(session, ended.asks, number),
            before=partial(asking.asked, UUID(ended.reply_id), ended.asks),
        )
        state = ended.asks["state"]
        decisions = asking.decisions(gate, ended.asks)
    raise Permanent(
        f"The reply asked for tools {most} times; it was stopped there.", code="too_deep"
    )


def _closing(status: str) -> str:
    return {"answered": "Answered.", "declined": "Declined."}.get(status, "Ended.")


def _load(arguments: dict[str, Any]) -> tuple[ChatSession, ReplyInput]:
    session = conversation.session_of(arguments)
    return session, conversation.reply_input(session, arguments)
