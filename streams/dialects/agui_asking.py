"""A gate as an AG-UI interrupt: what is asked, and the shape of the answer."""

from collections.abc import Sequence
from typing import Any

Data = dict[str, Any]

REASONS = {
    "tool": "tool_call",
    "proposal": "confirmation",
    "checkpoint": "confirmation",
    "question": "input_required",
}
_FIGURES = ("max_iterations", "checkpoint_interval")


def interrupt(data: Data, calls: Sequence[str]) -> Data:
    """Return the interrupt of a `gate_opened` event; `calls` are the tool calls it asks about."""
    about = {name: data[name] for name in ("kind", "name", "digest", "decisions")}
    address = f"/api/v1/gates/{data['gate_id']}"
    found: Data = {
        "id": data["gate_id"],
        "reason": REASONS.get(data["kind"], "input_required"),
        "message": data["question"],
        "responseSchema": _schema(data, calls),
        "expiresAt": data["deadline"],
        "metadata": {**about, "toolCallIds": list(calls), "gate_url": f"{address}/"},
    }
    if len(calls) == 1:
        found["toolCallId"] = calls[0]
    return found


def _schema(data: Data, calls: Sequence[str]) -> Data:
    says = "Why; what to change." if data["kind"] != "question" else "The answer."
    properties: Data = {
        "approved": {"type": "boolean"},
        "decision": {"enum": list(data["decisions"]), "description": "Instead of `approved`."},
        "comment": {"type": "string", "description": says},
        "digest": {"const": data["digest"], "description": "Of what was shown."},
    }
    if data["kind"] == "tool":
        each: Data = {"type": "object", "description": "Other arguments for the call."}
        if len(calls) > 1:
            each = {"type": "object", "properties": dict.fromkeys(calls, each)}
        properties["editedArgs"] = each
    if data["kind"] == "proposal":
        figures = {name: {"type": "integer", "minimum": 1} for name in _FIGURES}
        properties["editedArgs"] = {"type": "object", "properties": figures}
    return {
        "type": "object",
        "properties": properties,
        "anyOf": [{"required": ["approved"]}, {"required": ["decision"]}],
    }
