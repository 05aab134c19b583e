"""What there is, as tables and pages of text."""

from typing import Any

from django.contrib.auth.models import User

from planning.models import Entity, Plan
from planning.shapes import plan as plan_shape
from runs import gates
from runs.models import Gate
from runs.terminal import asking
from runs.terminal.screen import JsonScreen, TextScreen
from runs.terminal.text import cut, one_line

AnyScreen = TextScreen | JsonScreen


def plans(screen: AnyScreen, found: list[Plan]) -> None:
    for plan in found:
        run = plan.run
        figures = (
            f"{str(plan.pk)[:8]}  {run.state:<9} {run.progress:3.0f}%  {run.created_at:%m-%d %H:%M}"
        )
        _row(screen, figures, plan.goal)
    if not found:
        screen.say("There is no plan yet: cairn plan GOAL starts one.")


def inbox(screen: AnyScreen, found: list[Gate], user: User) -> None:
    for gate in found:
        whose = "you" if gates.may_answer(user, gate) else "others"
        figures = f"{str(gate.pk)[:8]}  {asking.left(gate.deadline):<12} {whose:<6}"
        goal = gate.payload.get("goal", "")
        _row(screen, figures, f"{gate.question} {goal}")
    if not found:
        screen.say("Nothing waits for a decision.")


def entities(screen: AnyScreen, found: list[Entity]) -> None:
    for entity in found:
        _row(screen, f"{entity.updated_at:%Y-%m-%d}  {entity.slug}", entity.title)
    if not found:
        screen.say("There is nothing in memory yet.")


def _row(screen: AnyScreen, figures: str, text: str) -> None:
    columns = screen.console.width() if screen.console.is_terminal else 200
    screen.say(cut(f"{figures}  {one_line(text)}", columns))


def entity(screen: AnyScreen, found: Entity) -> None:
    screen.say(one_line(found.title), "bold")
    screen.say()
    screen.paragraph(found.body)


def plan(screen: AnyScreen, found: Plan) -> None:
    """Write how far a plan has come and what it found."""
    shape = plan_shape(found)
    screen.say(one_line(found.goal), "bold")
    screen.say(f"{found.run.state}, {found.run.progress:.0f}%, {one_line(found.run.message)}")
    for iteration in shape["iterations"]:
        screen.say(_iteration(iteration))
    for checkpoint in shape["checkpoints"]:
        by = f" by {checkpoint['decided_by']}" if checkpoint["decided_by"] else ""
        decided = checkpoint["decision"] or checkpoint["state"]
        screen.say(
            f"Checkpoint {checkpoint['number']} (iteration {checkpoint['iteration']}): {decided}{by}"
        )
    if pending := shape["pending_gate"]:
        screen.say(one_line(pending["question"]), "bold")
        asking.show(screen, asking.Shown(pending))
    if error := shape["error"]:
        screen.say(f"Planning error: {error['message']}", "error")
    if found.final_plan:
        screen.say()
        screen.paragraph(found.final_plan)


def _iteration(iteration: dict[str, Any]) -> str:
    names = ", ".join(iteration["frameworks"]) or iteration["state"]
    seconds = f", {iteration['duration_ms'] / 1000:.1f} s" if iteration["duration_ms"] else ""
    points = len(iteration["data_points"])
    return f"Iteration {iteration['number']}: {names}; {points} data points{seconds}"
