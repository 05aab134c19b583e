"""The run of a workflow that a user started: one round of the engine, and a result card."""

from typing import Any

from agents.chats import WorkflowInput
from agents.exceptions import Permanent
from chat import conversation
from chat.models import ChatSession
from chat.rounds import EngineRound
from runs.context import RunContext


async def workflow(context: RunContext) -> str:
    """Do the workflow that was asked for, with the parameters that were checked then."""

    def load() -> tuple[ChatSession, WorkflowInput]:
        session = conversation.session_of(context.run.arguments)
        return session, conversation.workflow_input(session, context.run.arguments)

    session, given = await context.read(load)
    ended = await EngineRound(context, session, "workflow", given).done()
    if ended.asks is not None:
        raise Permanent("The workflow asked for a tool approval.", code="bad_engine")
    return _closing(ended.result)


def _closing(result: dict[str, Any] | None) -> str:
    return f"{result['title']}: done."[:500] if result else "Done."
