"""Strategies as plain JSON: what the REST API, snapshots and pages show of them."""

import json
from typing import Any

from agents.strategy_guides import GUIDES, STEPS, number_of
from planning.models import Strategy, StrategyStep
from planning.shapes import entity_ref
from planning.strategy import estimates
from runs import usage
from runs.conf import run_settings
from runs.models import Run
from runs.models import Step as RunStep
from runs.shapes import error, poll_after, time
from streams import log
from streams.dialects.strategy import CARD_TYPE, educational_content

API = "/api/strategies"
FOUND = ("findings", "data_points", "insights", "gaps")
STEP_NUMBERS: dict[str, int] = {guide.name: number_of(guide.name) for guide in STEPS}


def summary(strategy: Strategy) -> dict[str, Any]:
    """Return a strategy as lists show it."""
    run = strategy.run
    return {
        "id": str(strategy.pk),
        "goal": strategy.goal,
        "state": run.state,
        "progress": run.progress,
        "message": run.message,
        "engine": strategy.engine,
        "estimate_seconds": estimates.total(strategy),
        "run_id": str(run.pk),
        "stream_url": f"/api/v1/runs/{run.pk}/events/",
        "status_url": f"/api/v1/runs/{run.pk}/",
        "created_by": strategy.created_by.get_username(),
        "created_at": time(strategy.created_at),
        "finished_at": time(run.finished_at),
        "entity": entity_ref(strategy.entity),
    }


def strategy(strategy: Strategy) -> dict[str, Any]:
    """Return a strategy with all its steps and what they found."""
    run = strategy.run
    results = dict(RunStep.objects.filter(run=run).values_list("name", "result"))
    steps = [step(one, run, results.get(one.name)) for one in strategy.steps.all()]
    return {
        **summary(strategy),
        "error": error(run),
        "usage": usage.of(run),
        "position": run.stream.last_position,
        "pause_requested": run.pause_requested,
        "cancel_requested": run.cancel_requested,
        "no_progress_seconds": run_settings().no_progress_seconds,
        "documents": [
            {"id": one.name, "title": one.title, "kind": one.kind}
            for one in strategy.documents.all()
        ],
        "estimates": strategy.estimates,
        "steps": steps,
        "missing": missing(strategy),
        "metrics": _metrics(steps),
        "document": strategy.document or None,
    }


def step(one: StrategyStep, run: Run, outcome: dict[str, Any] | None) -> dict[str, Any]:
    guide = GUIDES[one.name]  # type: ignore[index]
    state = "stopped" if one.state == StrategyStep.State.RUNNING and run.is_terminal else one.state
    found = (outcome or {}).get("result") or {}
    failed = one.state == StrategyStep.State.FAILED
    return {
        "number": one.number,
        "name": one.name,
        "title": guide.title,
        "state": state,
        "started_at": time(one.started_at),
        "finished_at": time(one.finished_at),
        "duration_ms": one.duration_ms,
        "achievement": one.achievement,
        "error": {"code": one.error_code, "message": one.error_message} if failed else None,
        "frameworks": found.get("frameworks", []),
        **{name: found.get(name, []) for name in FOUND},
    }


def _metrics(steps: list[dict[str, Any]]) -> dict[str, int]:
    """Count what the steps found; a figure that two of them read counts once."""
    points = {
        (point["citation"]["document"], point["citation"]["sentence"], point["text"])
        for one in steps
        for point in one["data_points"]
    }
    return {
        "steps": sum(one["state"] == StrategyStep.State.COMPLETED for one in steps),
        "failed": sum(one["state"] == StrategyStep.State.FAILED for one in steps),
        "frameworks": len({name for one in steps for name in one["frameworks"]}),
        "findings": sum(len(one["findings"]) for one in steps),
        "data_points": len(points),
        "gaps": sum(len(one["gaps"]) for one in steps),
    }


def missing(strategy: Strategy) -> list[dict[str, Any]]:
    """Return the steps that could not be done, and why."""
    failed = strategy.steps.filter(state=StrategyStep.State.FAILED)
    return [
        {
            "step": one.number,
            "title": GUIDES[one.name].title,  # type: ignore[index]
            "reason": one.error_message,
        }
        for one in failed
    ]


def addresses(strategy: Strategy) -> dict[str, str]:
    """Return where the older endpoints have a strategy."""
    base = f"{API}/{strategy.pk}"
    return {
        "strategy_url": f"/strategies/{strategy.pk}/",
        "status_url": f"{base}/status",
        "stream_url": f"{base}/events",
        "command_url": f"{base}/commands",
    }


def status(strategy: Strategy) -> dict[str, Any]:
    """Return what a polling client of the older endpoints shows: a second reader of the log's rows."""
    run = strategy.run
    newest = log.newest(run.stream_id)
    card = log.newest(run.stream_id, CARD_TYPE)
    return {
        "id": str(strategy.pk),
        "status": run.state,
        "step": STEP_NUMBERS.get(run.step, 0),
        "steps": len(STEPS),
        "progress": run.progress,
        "message": run.message or "Waiting for a worker.",
        "educational_content": educational_content(json.loads(card.body)["data"]) if card else None,
        "error": run.error_message or None,
        "error_code": run.error_code or None,
        "missing": missing(strategy),
        "entity": entity_ref(strategy.entity),
        "position": run.stream.last_position,
        "estimate_seconds": estimates.total(strategy),
        "no_progress_seconds": run_settings().no_progress_seconds,
        "poll_after_ms": poll_after(run),
        "created_at": time(strategy.created_at),
        "started_at": time(run.started_at),
        "updated_at": json.loads(newest.body)["timestamp"] if newest else time(run.created_at),
        "finished_at": time(run.finished_at),
        **addresses(strategy),
    }
