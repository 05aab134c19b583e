"""A plan that is followed: its words, and what is said when it has ended."""

from collections.abc import Mapping
from typing import Any

from planning import recording, shapes
from planning.actions import KIND
from planning.models import Plan
from planning.terminal.words import TOLD
from runs.terminal.products import COMMAND, Product, RunSubject
from runs.terminal.screen import JsonScreen, TextScreen

FIGURES = ("iterations", "checkpoints", "frameworks", "data_points", "findings", "gaps")


class PlanSubject(RunSubject):
    def tell(self) -> None:
        plans = Plan.objects.select_related("run", "created_by", "entity")
        plan = plans.filter(run=self.run).first()
        if plan is None:
            super().tell()
            return
        told = {**shapes.summary(plan), "metrics": recording.metrics(plan)}
        tell(self.terminal.screen, told)


def tell(screen: TextScreen | JsonScreen, plan: Mapping[str, Any]) -> None:
    """Say what came out of a plan, which is given as a summary with its metrics."""
    metrics = plan["metrics"]
    screen.result("plan_result", dict(plan))
    counted = ", ".join(f"{name.replace('_', ' ')} {metrics[name]}" for name in FIGURES)
    seconds = metrics["duration_ms"] / 1000
    screen.say()
    screen.say(f"{counted.capitalize()}; worked for {seconds:.1f} s.")
    if plan["entity"]:
        screen.say(f"Read the plan: {COMMAND} memory {plan['entity']['slug']}")
    else:
        screen.say(f"The plan ended as {plan['state']}: {COMMAND} show {plan['id'][:8]}")


PRODUCT = Product(kinds=frozenset({KIND}), table=TOLD, subject=PlanSubject)
