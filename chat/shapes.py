"""Sessions, branches and messages as plain JSON: for REST, pages, snapshots and dialects."""

from collections.abc import Iterable
from typing import Any

from agents.data_model import DataModel
from chat import branches, data_sets, states, texts, unfinished
from chat.models import Branch, ChatSession, Message
from runs import shapes as run_shapes
from runs import usage
from runs.models import Gate, Run
from runs.shapes import time
from streams import log


def branch(branch: Branch, active: Branch | None) -> dict[str, Any]:
    return {
        "id": str(branch.pk),
        "name": branch.name,
        "parent": str(branch.parent_id) if branch.parent_id else None,
        "fork_turn": branch.fork_turn,
        "is_active": active is not None and branch.pk == active.pk,
        "created_by": branch.created_by.get_username(),
        "created_at": time(branch.created_at),
    }


def messages(found: Iterable[Message]) -> list[dict[str, Any]]:
    """Return messages with their text as far as it is written."""
    rows = list(found)
    written = texts.of([one.pk for one in rows])
    failed = Run.objects.filter(pk__in={one.run_id for one in rows}, state=Run.State.FAILED)
    errors = {run.pk: run_shapes.error(run) for run in failed}
    return [
        {**message(one, written[one.pk]), "error": errors.get(one.run_id) if one.run_id else None}
        for one in rows
    ]


def message(message: Message, written: texts.Text) -> dict[str, Any]:
    parts = dict(message.parts)
    if "references" in parts:  # their texts are pulled when somebody opens them
        parts["references"] = [
            {key: value for key, value in one.items() if key != "text"}
            for one in parts["references"]
        ]
    return {
        "id": str(message.pk),
        "role": message.role,
        "turn": message.turn,
        "branch": str(message.branch_id),
        "status": message.status,
        "text": written.text,
        "sequence": written.sequence,
        "run_id": str(message.run_id) if message.run_id else None,
        "by": message.created_by.get_username() if message.created_by else None,
        "parts": parts,
        "created_at": time(message.created_at),
    }


def data_set(session: ChatSession) -> dict[str, Any]:
    """Return what a session is about; the model itself has an address of its own."""
    model = session.data_set.model
    return {
        "name": session.data_set.name,
        "demo": session.demo or None,
        "files": [one.name for one in data_sets.files_of(session)],
        "is_ready": model is not None,
        "summary": model["summary"] if model else "",
        "quality": model["quality"]["score"] if model else None,
        "suggestions": model["questions"][:6] if model else [],
        "counts": counts(DataModel.recorded(model)) if model else None,
    }


def counts(model: DataModel) -> dict[str, int]:
    """Return how much there is of what, in a data set."""
    return {
        "tables": len(model.tables),
        "columns": sum(len(table.columns) for table in model.tables),
        "rows": sum(table.rows for table in model.tables),
        "relationships": len(model.relationships),
        "issues": len(model.issues),
    }


def summary(session: ChatSession, state: str = "") -> dict[str, Any]:
    """Return a session as lists show it; they have worked out all states together."""
    return {
        "id": str(session.pk),
        "title": session.title,
        "mode": session.mode,
        "state": state or states.current(session).value,
        "turns": session.turns,
        "created_by": session.created_by.get_username(),
        "created_at": time(session.created_at),
        "updated_at": time(session.updated_at),
    }


def session(session: ChatSession) -> dict[str, Any]:
    """Return a session with what it waits for and how to follow it."""
    runs = Run.objects.filter(stream=session.stream_id).select_related("stream")
    newest = runs.order_by("-created_at").first()
    return {
        **summary(session),
        "engine": session.engine,
        "auto_approve": session.auto_approve,
        "data_set": data_set(session),
        "branch": str(session.branch_id),
        "branches": [
            branch(one, session.branch) for one in session.branches.select_related("created_by")
        ],
        "usage": usage.of_stream(session.stream_id),
        "pending_gates": [run_shapes.gate(one) for one in states.pending_gates(session)],
        "run_id": str(newest.pk) if newest else None,
        "position": log.last_position(session.stream_id),
        "stream_url": f"/api/v1/sessions/{session.pk}/events/",
        "model_url": f"/api/v1/sessions/{session.pk}/model/",
    }


def snapshot(found: ChatSession) -> dict[str, Any]:
    """Return all that a page shows of a session, as it is at `position` of its log or later."""
    position = log.last_position(found.stream_id)
    every = list(
        branches.in_order(
            Message.objects.shown().filter(session=found).select_related("created_by")
        )
    )
    told = unfinished.parts(found, every)
    for one in every:
        one.parts = told.get(one.pk, one.parts)
    runs = Run.objects.filter(stream=found.stream_id).select_related("stream")
    gates = Gate.objects.filter(run__stream=found.stream_id).select_related("group", "decided_by")
    return {
        **session(found),
        "position": position,
        "messages": messages(every),
        "runs": [
            run_shapes.run(one) for one in runs.filter(finished_at=None).order_by("begins_after")
        ],
        "gates": [run_shapes.gate(one) for one in gates.order_by("created_at")],
        "error": _error(runs.exclude(finished_at=None).order_by("-finished_at").first()),
    }


def _error(run: Run | None) -> dict[str, Any] | None:
    """Return why the run that ended last failed, if it did."""
    error = run_shapes.error(run) if run else None
    return {**error, "run_id": str(run.pk), "kind": run.kind} if run and error else None
