"""Plans, runs and gates as plain JSON: what the REST API, snapshots and pages show of them."""

from datetime import datetime
from typing import Any

from agents.sentences import split
from planning.models import Checkpoint, Finding, Iteration, Plan, PlanDocument
from planning.recording import metrics
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
        "created_at": time(run.created_at),
        "started_at": time(run.started_at),
        "finished_at": time(run.finished_at),
        "poll_after_ms": stream_settings().poll_milliseconds,
        "stream_url": f"/api/v1/runs/{run.pk}/events/",
    }


def iteration(one: Iteration, run: Run) -> dict[str, Any]:
    state = "completed" if one.finished_at else "stopped" if run.is_terminal else "running"
    return {
        "number": one.number,
        "state": state,
        "focus": one.focus,
        "started_at": time(one.started_at),
        "finished_at": time(one.finished_at),
        "duration_ms": one.duration_ms,
        "frameworks": one.frameworks,
        "insights": one.insights,
        "followed": one.followed,
        "findings": [finding(found) for found in one.findings.all()],
        "data_points": [
            {
                "kind": point.kind,
                "label": point.label,
                "text": point.text,
                "value": point.value,
                "high": point.high,
                "unit": point.unit,
                "citation": {
                    "document": point.document,
                    "sentence": point.sentence,
                    "quote": point.quote,
                },
            }
            for point in one.data_points.all()
        ],
        "gaps": [
            {"framework": gap.framework, "cell": gap.cell, "task": gap.task}
            for gap in one.gaps.all()
        ],
    }


def finding(found: Finding) -> dict[str, Any]:
    return {
        "framework": found.framework,
        "cell": found.cell,
        "text": found.text,
        "citations": found.citations,
    }


def checkpoint(one: Checkpoint) -> dict[str, Any]:
    decided = one.gate
    return {
        "number": one.number,
        "iteration": one.iteration,
        **{name: getattr(one, name) for name in Checkpoint.FIELDS},
        "created_at": time(one.created_at),
        "gate_id": str(decided.pk) if decided else None,
        "state": decided.state if decided else "decided",
        "decision": (decided.decision or None) if decided else "approve_all",
        "decided_by": decided.decided_by.get_username() if decided and decided.decided_by else None,
        "decided_at": time(decided.decided_at) if decided else None,
        "comment": decided.comment if decided else "",
    }


def summary(plan: Plan) -> dict[str, Any]:
    """Return a plan as lists show it."""
    return {
        "id": str(plan.pk),
        "goal": plan.goal,
        "state": plan.run.state,
        "progress": plan.run.progress,
        "message": plan.run.message,
        "max_iterations": plan.max_iterations,
        "checkpoint_interval": plan.checkpoint_interval,
        "engine": plan.engine,
        "run_id": str(plan.run_id),
        "stream_url": f"/api/v1/runs/{plan.run_id}/events/",
        "status_url": f"/api/v1/runs/{plan.run_id}/",
        "created_by": plan.created_by.get_username(),
        "created_at": time(plan.created_at),
        "finished_at": time(plan.run.finished_at),
        "entity": {
            "slug": plan.entity.slug,
            "title": plan.entity.title,
            "url": f"/memory/{plan.entity.slug}/",
        }
        if plan.entity
        else None,
    }


def plan(plan: Plan) -> dict[str, Any]:
    """Return a plan with all it found."""
    iterations = plan.iterations.prefetch_related("findings", "data_points", "gaps")
    checkpoints = plan.checkpoints.select_related("gate__decided_by")
    came_from = plan.branched_from
    return {
        **summary(plan),
        "error": error(plan.run),
        "position": plan.run.stream.last_position,
        "pause_requested": plan.run.pause_requested,
        "cancel_requested": plan.run.cancel_requested,
        "deadline_seconds": plan.deadline_seconds,
        "proposal": plan.proposal,
        "documents": [
            {"id": one.name, "title": one.title, "kind": one.kind} for one in plan.documents.all()
        ],
        "iterations": [iteration(one, plan.run) for one in iterations],
        "checkpoints": [checkpoint(one) for one in checkpoints],
        "final_plan": plan.final_plan or None,
        "metrics": metrics(plan),
        "pending_gate": pending_gate(plan.run),
        "branched_from": {
            "plan_id": str(came_from.plan_id),
            "checkpoint": came_from.number,
            "guidance": plan.guidance,
        }
        if came_from
        else None,
    }


def source(document: PlanDocument) -> dict[str, Any]:
    """Return a document as the plan read it, by the sentences that citations number."""
    return {
        "id": document.name,
        "title": document.title,
        "kind": document.kind,
        "sentences": [
            {"number": one.number, "text": one.text, "kind": one.kind, "line": one.line}
            for one in split(document.text)
        ],
    }
