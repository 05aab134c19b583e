"""A conversation as messages of the AI SDK, for a page that is opened again.

What goes on is left to the stream, which tells it from its start under the same id.
"""

from collections.abc import Sequence
from typing import Any

from chat import branches, texts
from chat.models import ChatSession, Message
from runs.models import Run

MOST = 200  # messages, the newest
PARTS = ("intent", "query", "insight", "summary")  # data parts, as the stream names them
Part = dict[str, Any]


def of(session: ChatSession) -> list[dict[str, Any]]:
    """Return the conversation that is shown, oldest first: each reply is one message."""
    shown = branches.messages(session.active_branch).exclude(role=Message.Role.SYSTEM)
    newest = shown.select_related("run").order_by("-turn", "-created_at", "-pk")[:MOST]
    found = [one for one in reversed(newest) if not _goes_on(one)]
    written = texts.of([one.pk for one in found])
    told: dict[str, dict[str, Any]] = {}
    for one in found:
        is_user = one.role == Message.Role.USER
        name = str(one.pk if is_user or one.run_id is None else one.run_id)
        known = told.setdefault(name, {"id": name, "role": one.role, "parts": []})
        text = written[one.pk].text
        known["parts"] += [_text(text)] if is_user else _reply(one, text)
    return list(told.values())


def _goes_on(message: Message) -> bool:
    run: Run | None = message.run
    return message.role == Message.Role.ASSISTANT and run is not None and not run.is_terminal


def _text(text: str) -> Part:
    return {"type": "text", "text": text, "state": "done"}


def _reply(message: Message, text: str) -> list[Part]:
    kept = message.parts
    data = [
        {"type": f"data-{name}", "id": f"{message.pk}-{name}", "data": kept[name]}
        for name in PARTS
        if name in kept
    ]
    said = [_text(text)] if text else []
    return [{"type": "step-start"}, *data, *_tools(kept.get("tools", ())), *said]


def _tools(calls: Sequence[dict[str, Any]]) -> list[Part]:
    """Return the calls that ran; one that was denied did nothing, and the text says so."""
    parts = []
    for call in calls:
        part = {
            "type": "dynamic-tool",
            "toolCallId": call["call_id"],
            "toolName": call.get("tool", ""),
            "input": call.get("arguments", {}),
            "providerExecuted": True,
        }
        if call.get("state") == "finished":
            parts.append({**part, "state": "output-available", "output": call.get("result")})
        else:
            error = call.get("error") or "This did not run."
            parts.append({**part, "state": "output-error", "errorText": error})
    return parts
