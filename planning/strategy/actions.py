"""What people do with strategies: start one. It is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agents import registry
from planning import reading
from planning.conf import planning_settings
from planning.exceptions import InvalidInput
from planning.models import Strategy, StrategyDocument
from planning.strategy import estimates
from runs import actions as run_actions
from runs.models import Run

KIND = "strategy"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyWish:
    """What somebody asks of a strategy. `check` says what is wrong with it."""

    goal: str
    documents: Sequence[str] = ()  # entity slugs, file ids or file slugs
    engine: str | None = None

    def check(self) -> None:
        """Raise `InvalidInput` naming each field that is wrong."""
        fields = reading.errors(self.goal, self.documents, what="strategy")
        if self.engine and (refusal := registry.refusal(self.engine)):
            fields["engine"] = refusal
        if fields:
            raise InvalidInput(fields)


def start(wish: StrategyWish, *, by: User, idempotency_key: str | None = None) -> Strategy:
    """Start a strategy; a run works it out, and nobody waits for that here.

    The same key and user give the strategy of the first call. Raises `InvalidInput`.
    """
    wish.check()
    if known := run_actions.started_before(by, idempotency_key):
        return _strategy_of(known)
    try:
        return _start(wish, by, idempotency_key)
    except IntegrityError:
        known = run_actions.started_before(by, idempotency_key)
        if known is None:
            raise
        return _strategy_of(known)  # another request with the same key was faster


def again(run: Run, by: User, idempotency_key: str | None) -> Run | None:
    """Start the strategy of a failed run once more."""
    strategy = Strategy.objects.get(run=run)
    names = [one.name for one in strategy.documents.all()]
    wish = StrategyWish(goal=strategy.goal, documents=names, engine=strategy.engine)
    return start(wish, by=by, idempotency_key=idempotency_key).run


@transaction.atomic
def _start(wish: StrategyWish, by: User, idempotency_key: str | None) -> Strategy:
    engine = wish.engine or planning_settings().engine
    documents = reading.chosen(StrategyDocument, by, wish.documents)
    run = run_actions.start(KIND, by=by, idempotency_key=idempotency_key)
    strategy = Strategy.objects.create(
        run=run,
        created_by=by,
        goal=wish.goal.strip(),
        engine=engine,
        estimates=estimates.of_steps(engine),
    )
    for document in documents:
        document.strategy = strategy
    StrategyDocument.objects.bulk_create(documents)
    return strategy


def _strategy_of(run: Run) -> Strategy:
    return Strategy.objects.select_related("run").get(run=run)


def find(user: User, strategy_id: str) -> Strategy | None:
    """Return a strategy that the user may see."""
    visible = Strategy.objects.visible_to(user).select_related("run")
    try:
        return visible.filter(pk=strategy_id).first()
    except ValidationError:
        return None
