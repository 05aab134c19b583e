"""Tools that a reply calls: asking a person first where that is needed, and running them."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from agents.adapters import Call
from agents.base import AgentEvent, ApprovalNeeded, Decision, ToolCall, ToolResult
from agents.chats import Query, ReplyInput
from agents.exceptions import Permanent
from agents.offline.answering.saving import SaveRequest
from agents.offline.inline import escape
from agents.tools import TOOLS, ToolContext

TOOL = "save_file"
DEEPEST = 8  # calls of one reply
APPROVING = frozenset({"approve", "approve_all", "approved"})


@dataclass
class Called:
    """What the calls of a reply came to."""

    lines: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    denied: int = 0
    failed: int = 0


def calls_of(saves: Sequence[SaveRequest]) -> tuple[ToolCall, ...]:
    """Return the calls that are asked for; raise Permanent (`too_deep`) if they are too many."""
    if len(saves) > DEEPEST:
        message = f"One message may ask for at most {DEEPEST} files. Ask for fewer at a time."
        raise Permanent(message, code="too_deep")
    return tuple(
        ToolCall(
            call_id=f"call-{number}",
            tool=TOOL,
            arguments={"path": one.path, "format": one.format},
        )
        for number, one in enumerate(saves, start=1)
    )


def why_not(ask: ReplyInput) -> str:
    """Return why nothing can be saved here; nothing if it can."""
    offered = any(one.name == TOOL for one in ask.tools)
    if ask.mode == "act" and offered and TOOL in TOOLS:
        return ""
    if ask.mode != "act":
        return "Saving a file needs act mode. Switch to act mode and ask again."
    return "Saving files is not offered in this conversation."


def needs_approval(ask: ReplyInput) -> bool:
    return any(one.name == TOOL and one.approval for one in ask.tools)


def approval(calls: Sequence[ToolCall], state: Mapping[str, Any]) -> ApprovalNeeded:
    """Return the question whether the files may be written."""
    paths = ", ".join(str(one.arguments["path"])[:200] for one in calls)
    number = "this file" if len(calls) == 1 else f"these {len(calls)} files"
    return ApprovalNeeded(
        question=f"May {number} be written into the workspace: {paths}?",
        calls=tuple(calls),
        state=dict(state),
    )


def run(
    ask: ReplyInput, call: Call, calls: Sequence[ToolCall], query: Query | None
) -> Generator[AgentEvent, None, Called]:
    """Run the calls that are allowed, and tell each with its result."""
    called = Called()
    for one in calls:
        call.check()
        decision = call.decisions.get(one.call_id)
        if not _is_allowed(ask, decision):
            called.denied += 1
            called.lines.append(_denial(one, decision))
            continue
        arguments = dict(one.arguments)
        if decision is not None and decision.arguments is not None:
            arguments = dict(decision.arguments)
        yield ToolCall(call_id=one.call_id, tool=one.tool, arguments=arguments)
        yield _result(ask, call, one, arguments, query, called)
    return called


def _is_allowed(ask: ReplyInput, decision: Decision | None) -> bool:
    """Whether a call may run: what needs a person never runs without that person's yes."""
    if decision is None:
        return not needs_approval(ask)
    return decision.decision in APPROVING


def are_decided(call: Call, calls: Sequence[ToolCall]) -> bool:
    """Whether a person was asked about these calls and has answered."""
    return any(one.call_id in call.decisions for one in calls)


def _denial(one: ToolCall, decision: Decision | None) -> str:
    path = escape(str(one.arguments["path"]), 200)
    comment = decision.comment if decision else ""
    reason = f": {escape(comment, 400)}" if comment else ""
    return f"**{path}** was not written, because it was not allowed{reason}."


def _result(
    ask: ReplyInput,
    call: Call,
    one: ToolCall,
    arguments: Mapping[str, Any],
    query: Query | None,
    called: Called,
) -> ToolResult:
    tool = TOOLS[one.tool]
    context = ToolContext(
        model=ask.model,
        folder=ask.folder,
        workspace=ask.workspace,
        cancel=call.cancel,
        material={
            "question": ask.question,
            "query": query.model_dump(mode="json") if query else None,
            "history": [turn.model_dump(mode="json") for turn in ask.history],
        },
    )
    try:
        told = tool.run(tool.arguments.model_validate(arguments), context)
    except (Permanent, ValidationError) as error:
        message = str(error) if isinstance(error, Permanent) else _wrong(error)
        called.failed += 1
        called.lines.append(escape(message, 600))
        return ToolResult(call_id=one.call_id, result=None, error=message)
    called.files.append(str(told["path"]))
    called.lines.append(_success(told))
    return ToolResult(call_id=one.call_id, result=told)


def _success(told: Mapping[str, Any]) -> str:
    path, rows = escape(str(told["path"]), 200), told.get("rows")
    size = f"{told['bytes']:,} bytes"
    if rows is None:
        return f"Saved **{path}** ({size})."
    of = f" of {told['of']:,}" if "of" in told else ""
    return f"Saved **{path}**: {rows:,}{of} rows, {size}."


def _wrong(error: ValidationError) -> str:
    """Return what is wrong with edited arguments, field by field."""
    wrong = "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return f"The arguments are wrong. {wrong[:1000]}"
