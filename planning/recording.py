"""Write what a step found into the plan's rows, inside the transaction that records the step."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.db.models.functions import Now

from agents.plans import CheckpointSummary, FinalPlan, IterationResult
from planning.memory import save_entity
from planning.models import (
    Checkpoint,
    DataPoint,
    Entity,
    Finding,
    GapFound,
    Iteration,
    Plan,
)
from runs.models import Gate


def begin_iteration(plan: Plan, number: int) -> None:
    Iteration.objects.get_or_create(plan=plan, number=number)


def finish_iteration(plan: Plan, result: IterationResult, milliseconds: int) -> None:
    """Write the iteration's rows, once: the step that calls this is recorded with them."""
    Iteration.objects.filter(plan=plan, number=result.number).update(
        focus=result.focus,
        frameworks=list(result.frameworks),
        insights=list(result.insights),
        followed=list(result.followed),
        finished_at=Now(),
        duration_ms=milliseconds,
    )
    iteration = Iteration.objects.get(plan=plan, number=result.number)
    Finding.objects.bulk_create(
        Finding(
            iteration=iteration,
            framework=finding.framework,
            cell=finding.cell,
            text=finding.text,
            citations=[citation.model_dump() for citation in finding.citations],
        )
        for finding in result.findings
    )
    GapFound.objects.bulk_create(
        GapFound(iteration=iteration, **gap.model_dump()) for gap in result.gaps
    )
    DataPoint.objects.bulk_create(
        DataPoint(
            iteration=iteration,
            **point.model_dump(exclude={"citation"}),
            **point.citation.model_dump(),
        )
        for point in result.data_points
    )


def metrics(plan: Plan) -> dict[str, Any]:
    """Return the plan's figures, counted from its rows."""
    iterations = plan.iterations.filter(finished_at__isnull=False)
    names = iterations.values_list("frameworks", flat=True)
    points = DataPoint.objects.filter(iteration__plan=plan)
    per_document = dict(
        points.values_list("document").annotate(count=Count("pk")).order_by("document")
    )
    return {
        "iterations": iterations.count(),
        "checkpoints": plan.checkpoints.count(),
        "frameworks": len({name for found in names for name in found}),
        "data_points": points.count(),
        "findings": Finding.objects.filter(iteration__plan=plan).count(),
        "gaps": GapFound.objects.filter(iteration__plan=plan).count(),
        "insights": sum(len(found) for found in iterations.values_list("insights", flat=True)),
        "duration_ms": sum(ms or 0 for ms in iterations.values_list("duration_ms", flat=True)),
        "data_points_by_document": per_document,
    }


def reach_checkpoint(
    plan: Plan,
    summary: CheckpointSummary,
    *,
    number: int,
    iteration: int,
    gate: Gate | None,
) -> Checkpoint:
    return Checkpoint.objects.create(
        plan=plan,
        number=number,
        iteration=iteration,
        gate=gate,
        summary=summary.summary,
        frameworks=list(summary.frameworks),
        data_points=summary.data_points,
        deltas=summary.deltas,
        insights=list(summary.insights),
        next=summary.next,
    )


def save_final_plan(plan: Plan, final: FinalPlan) -> Entity:
    """Keep the plan's text, and save it to memory with links to what it rests on."""
    related = [f"- [[{entity.slug}]]" for entity in _related(plan)]
    links = ["", "## Related memory", "", *related] if related else []
    entity = save_entity(
        title=final.title[:200],
        body="\n".join([final.markdown.rstrip(), *links]),
        by=plan.created_by,
    )
    Plan.objects.filter(pk=plan.pk).update(final_plan=final.markdown, entity=entity)
    return entity


def _related(plan: Plan) -> Sequence[Entity]:
    entities = list(Entity.objects.filter(pk__in=plan.documents.values("entity")).order_by("slug"))
    if plan.branched_from and (parent := plan.branched_from.plan.entity):
        entities.append(parent)
    return list(dict.fromkeys(entities))
