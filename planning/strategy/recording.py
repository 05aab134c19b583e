"""Write what a step came to into the strategy's rows, inside the transaction that records it."""

from django.db.models.functions import Now

from agents.strategies import Strategy as Written
from agents.strategies import StrategyStepResult
from agents.strategy_guides import Guide, number_of
from planning.memory import save_entity
from planning.models import Entity, Strategy, StrategyStep
from runs.events import Failure


def begin_step(strategy: Strategy, guide: Guide) -> None:
    StrategyStep.objects.get_or_create(
        strategy=strategy, number=number_of(guide.name), defaults={"name": guide.name}
    )


def complete_step(
    strategy: Strategy, guide: Guide, result: StrategyStepResult, milliseconds: int
) -> None:
    _end(
        strategy,
        guide,
        milliseconds,
        state=StrategyStep.State.COMPLETED,
        achievement=result.achievement,
    )


def fail_step(strategy: Strategy, guide: Guide, failure: Failure, milliseconds: int) -> None:
    _end(
        strategy,
        guide,
        milliseconds,
        state=StrategyStep.State.FAILED,
        error_code=failure.code[:60],
        error_message=failure.message,
    )


def _end(strategy: Strategy, guide: Guide, milliseconds: int, **columns: str) -> None:
    StrategyStep.objects.filter(strategy=strategy, number=number_of(guide.name)).update(
        finished_at=Now(), duration_ms=milliseconds, **columns
    )


def save(strategy: Strategy, written: Written) -> Entity:
    """Keep the strategy's text, and save it to memory with links to what it rests on."""
    read = Entity.objects.filter(pk__in=strategy.documents.values("entity")).order_by("slug")
    related = [f"- [[{entity.slug}]]" for entity in read]
    links = ["", "## Related memory", "", *related] if related else []
    entity = save_entity(
        title=written.title[:200],
        body="\n".join([written.markdown.rstrip(), *links]),
        by=strategy.created_by,
    )
    Strategy.objects.filter(pk=strategy.pk).update(document=written.markdown, entity=entity)
    return entity
