"""A run of pydantic-ai that waits for people: what they are asked, and what they decided."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from pydantic_ai import DeferredToolRequests
from pydantic_ai.conversation import Conversation, ConversationTypeAdapter
from pydantic_ai.tools import DeferredToolResults, ToolApproved, ToolDenied

from agents.base import ApprovalNeeded, Decision, ToolCall

CONVERSATION = "conversation"  # its key in the state


def question(
    conversation: Conversation,
    requests: DeferredToolRequests,
    state: dict[str, Any],
    *,
    allowed: Collection[str] = (),
    descriptions: Mapping[str, str] = MappingProxyType({}),
) -> ApprovalNeeded:
    """Return the question about all calls but those of allowed tools; its state is JSON."""
    calls = tuple(
        ToolCall(
            call_id=one.tool_call_id,
            tool=one.tool_name,
            arguments=one.args_as_dict(),
            description=descriptions.get(one.tool_name, ""),
        )
        for one in requests.approvals
        if one.tool_name not in allowed
    )
    named = ", ".join(dict.fromkeys(one.tool for one in calls))
    kept = {CONVERSATION: ConversationTypeAdapter.dump_python(conversation, mode="json"), **state}
    return ApprovalNeeded(question=f"May {named} run?", calls=calls, state=kept)


def resumed(
    state: Mapping[str, Any],
    decisions: Mapping[str, Decision],
    *,
    allowed: Collection[str] = (),
) -> tuple[Conversation, DeferredToolResults, bool]:
    """Return the conversation of a state, the results to go on with, and whether one is a no."""
    conversation = ConversationTypeAdapter.validate_python(state[CONVERSATION])
    requests = conversation.deferred_tool_requests
    assert requests is not None
    decided = {
        one.tool_call_id: True
        if one.tool_name in allowed
        else _decided(decisions.get(one.tool_call_id))
        for one in requests.approvals
    }
    is_denied = any(isinstance(one, ToolDenied) for one in decided.values())
    return conversation, requests.build_results(approvals=decided), is_denied


def _decided(decision: Decision | None) -> ToolApproved | ToolDenied:
    """Return a person's decision; what nobody decided is denied."""
    if decision is not None and decision.decision == "approve":
        arguments = None if decision.arguments is None else dict(decision.arguments)
        return ToolApproved(override_args=arguments)
    why = decision.comment if decision else ""
    return ToolDenied(f"A person did not allow this. {why}".strip())
