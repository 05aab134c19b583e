"""A plan's timeline as lines of text, for readers without scripts.

The words are those of the client's `timeline.js`, which tells the same from the event log.
"""

from dataclasses import dataclass
from typing import Any

ENDINGS = {
    "completed": ("check", "Planning completed!", "success"),
    "cancelled": ("stop", "Planning cancelled.", "warning"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    icon: str
    text: str
    time: str | None = None
    level: str = "info"
    iteration: dict[str, Any] | None = None
    checkpoint: dict[str, Any] | None = None


def lines(plan: dict[str, Any]) -> list[Line]:
    """Tell a plan, given as `shapes.plan` does, from its start to where it stands."""
    told: list[Line] = []
    if plan["iterations"]:
        text = f"Starting planning with {plan['max_iterations']} iterations..."
        told.append(Line(icon="rocket", text=text, time=plan["iterations"][0]["started_at"]))
    for iteration in plan["iterations"]:
        number = iteration["number"]
        text = f"Starting iteration {number} of {max(number, plan['max_iterations'])}..."
        told.append(
            Line(icon="cycle", text=text, time=iteration["started_at"], iteration=iteration)
        )
        for checkpoint in plan["checkpoints"]:
            if checkpoint["iteration"] == number:
                told += _checkpoint(checkpoint)
    if entity := plan["entity"]:
        text = f"Plan saved to memory as entity: {entity['slug']}"
        told.append(Line(icon="disk", text=text, time=plan["finished_at"], level="success"))
    return told + _ending(plan)


def _checkpoint(checkpoint: dict[str, Any]) -> list[Line]:
    number = checkpoint["number"]
    reached = Line(
        icon="stop",
        text=f"CHECKPOINT REACHED (Iteration {checkpoint['iteration']})",
        time=checkpoint["created_at"],
        level="warning",
        checkpoint=checkpoint,
    )
    when = checkpoint["decided_at"]
    if checkpoint["decision"] == "revise":
        text = f"Checkpoint {number}: revision asked. Continuing iterations..."
        return [reached, Line(icon="cycle", text=text, time=when)]
    if checkpoint["decision"] == "reject":
        text = f"Checkpoint {number} rejected. Planning stopped."
        return [reached, Line(icon="cross", text=text, time=when, level="warning")]
    if checkpoint["decision"]:
        text = "Checkpoint approved! Continuing iterations..."
        return [reached, Line(icon="check", text=text, time=when, level="success")]
    if checkpoint["state"] == "expired":
        text = f"Checkpoint {number} expired. Planning stopped."
        return [reached, Line(icon="clock", text=text, time=when, level="warning")]
    return [reached]


def _ending(plan: dict[str, Any]) -> list[Line]:
    when = plan["finished_at"]
    if plan["state"] == "failed":
        message = (plan["error"] or {}).get("message", "unknown error")
        return [Line(icon="cross", text=f"Planning error: {message}", time=when, level="error")]
    if plan["state"] in ENDINGS:
        icon, text, level = ENDINGS[plan["state"]]
        return [Line(icon=icon, text=text, time=when, level=level)]
    if plan["state"] in ("rejected", "expired") and not plan["checkpoints"]:
        text = f"Proposal {plan['state']}. Planning stopped."
        return [Line(icon="cross", text=text, time=when, level="warning")]
    return []
