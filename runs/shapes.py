"""Runs and gates as plain JSON: what the REST API, snapshots and pages show of them."""

from datetime import datetime
from typing import Any

from runs import handlers, usage
from runs.conf import run_settings
from runs.models import Gate, Run
from streams.conf import stream_settings
from streams.events import iso


def time(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None


def gate(gate: Gate) -> dict[str, Any]:
    """Return a gate with who may answer and who did."""
    return {
        "id": str(gate.pk),
        "run_id": str(gate.run_id),
        "kind": gate.kind,
        "name": gate.name,
        "state": gate.state,
        "question": gate.question,
        "payload": gate.payload,
        "digest": gate.digest,
        "deadline": time(gate.deadline),
        "on_expiry": gate.on_expiry,
        "decisions": gate.decisions,
        "may_answer": {
            "owner": gate.owner_may_answer,
            "group": gate.group.name if gate.group else None,
            "permission": "runs.answer_gate",
            "quorum": gate.quorum,
        },
        "decision": gate.decision or None,
        "decided_by": gate.decided_by.get_username() if gate.decided_by else None,
        "decided_at": time(gate.decided_at),
        "comment": gate.comment,
        "via": gate.via or None,
        "created_at": time(gate.created_at),
    }


def pending_gate(run: Run) -> dict[str, Any] | None:
    found = (
        Gate.objects.select_related("group", "decided_by")
        .filter(run=run, state=Gate.State.PENDING)
        .first()
    )
    return gate(found) if found else None


def error(run: Run) -> dict[str, str] | None:
    return {"code": run.error_code, "message": run.error_message} if run.error_code else None


def poll_after(run: Run) -> int:
    """Return how many milliseconds a polling client is asked to wait."""
    return handlers.find(run.kind).poll_milliseconds() or stream_settings().poll_milliseconds


def run(run: Run) -> dict[str, Any]:
    """Return a run's status."""
    return {
        "id": str(run.pk),
        "kind": run.kind,
        "state": run.state,
        "progress": run.progress,
        "step": run.step,
        "message": run.message,
        "position": run.stream.last_position,
        "attempts": run.attempts,
        "cancel_requested": run.cancel_requested,
        "pause_requested": run.pause_requested,
        "pending_gate": pending_gate(run),
        "error": error(run),
        "usage": usage.of(run),
        "created_at": time(run.created_at),
        "started_at": time(run.started_at),
        "finished_at": time(run.finished_at),
        "poll_after_ms": poll_after(run),
        "no_progress_seconds": run_settings().no_progress_seconds,
        "stream_url": f"/api/v1/runs/{run.pk}/events/",
    }
