"""A plan that is followed: its words, and what is said when it has ended."""

from planning import recording, shapes
from planning.actions import KIND
from planning.models import Plan
from planning.terminal.words import TOLD
from runs.terminal.products import COMMAND, Product, RunSubject

FIGURES = ("iterations", "checkpoints", "frameworks", "data_points", "findings", "gaps")


class PlanSubject(RunSubject):
    def tell(self) -> None:
        plans = Plan.objects.select_related("run", "created_by", "entity")
        plan = plans.filter(run=self.run).first()
        if plan is None:
            super().tell()
            return
        screen, metrics = self.terminal.screen, recording.metrics(plan)
        screen.result("plan_result", {**shapes.summary(plan), "metrics": metrics})
        counted = ", ".join(f"{name.replace('_', ' ')} {metrics[name]}" for name in FIGURES)
        seconds = metrics["duration_ms"] / 1000
        screen.say()
        screen.say(f"{counted.capitalize()}; worked for {seconds:.1f} s.")
        if plan.entity:
            screen.say(f"Read the plan: {COMMAND} memory {plan.entity.slug}")
        else:
            screen.say(f"The plan ended as {plan.run.state}: {COMMAND} show {str(plan.pk)[:8]}")


PRODUCT = Product(kinds=frozenset({KIND}), table=TOLD, subject=PlanSubject)
