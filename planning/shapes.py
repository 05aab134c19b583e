"""Plans as plain JSON: what the REST API, snapshots and pages show of them."""

from typing import Any

from agents.sentences import split
from planning.models import (
    Checkpoint,
    Entity,
    EntityLink,
    Finding,
    Iteration,
    Plan,
    ReadText,
)
from planning.recording import metrics
from runs import usage
from runs.models import Run
from runs.shapes import error, pending_gate, time


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
        "entity": entity_ref(plan.entity),
    }


def entity_ref(entity: Entity | None) -> dict[str, Any] | None:
    if entity is None:
        return None
    return {"slug": entity.slug, "title": entity.title, "url": f"/memory/{entity.slug}/"}


def plan(plan: Plan) -> dict[str, Any]:
    """Return a plan with all it found."""
    iterations = plan.iterations.prefetch_related("findings", "data_points", "gaps")
    checkpoints = plan.checkpoints.select_related("gate__decided_by")
    came_from = plan.branched_from
    return {
        **summary(plan),
        "error": error(plan.run),
        "usage": usage.of(plan.run),
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


def source(document: ReadText) -> dict[str, Any]:
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


def entity(entity: Entity) -> dict[str, Any]:
    """Return a memory document with the slugs it links to and is linked from."""
    return {
        "slug": entity.slug,
        "title": entity.title,
        "body": entity.body,
        "url": f"/memory/{entity.slug}/",
        "links": list(entity.links.order_by("pk").values_list("target", flat=True)),
        "backlinks": list(
            EntityLink.objects.filter(target=entity.slug, source__created_by=entity.created_by)
            .order_by("source__slug")
            .values_list("source__slug", flat=True)
        ),
        "created_by": entity.created_by.get_username(),
        "created_at": time(entity.created_at),
        "updated_at": time(entity.updated_at),
    }
