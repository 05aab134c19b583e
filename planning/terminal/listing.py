"""What there is, as tables and pages of text; given in the form that `shapes` and REST have."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from runs.terminal import asking
from runs.terminal.screen import JsonScreen, TextScreen
from runs.terminal.text import cut, one_line

AnyScreen = TextScreen | JsonScreen


def plans(screen: AnyScreen, found: Sequence[Mapping[str, Any]]) -> None:
    for plan in found:
        begun = datetime.fromisoformat(plan["created_at"])
        figures = (
            f"{plan['id'][:8]}  {plan['state']:<9} {plan['progress']:3.0f}%  {begun:%m-%d %H:%M}"
        )
        _row(screen, figures, plan["goal"])
    if not found:
        screen.say("There is no plan yet: cairn plan GOAL starts one.")


def inbox(
    screen: AnyScreen, found: Sequence[Mapping[str, Any]], whose: Callable[[Mapping[str, Any]], str]
) -> None:
    """`whose` says of a gate who is to decide it."""
    for gate in found:
        left = asking.left(datetime.fromisoformat(gate["deadline"]))
        goal = gate["payload"].get("goal", "")
        _row(screen, f"{gate['id'][:8]}  {left:<12} {whose(gate):<6}", f"{gate['question']} {goal}")
    if not found:
        screen.say("Nothing waits for a decision.")


def entities(screen: AnyScreen, found: Sequence[Mapping[str, Any]]) -> None:
    for entity in found:
        _row(screen, f"{entity['updated_at'][:10]}  {entity['slug']}", entity["title"])
    if not found:
        screen.say("There is nothing in memory yet.")


def _row(screen: AnyScreen, figures: str, text: str) -> None:
    columns = screen.console.width() if screen.console.is_terminal else 200
    screen.say(cut(f"{figures}  {one_line(text)}", columns))


def entity(screen: AnyScreen, found: Mapping[str, Any]) -> None:
    screen.say(one_line(found["title"]), "bold")
    screen.say()
    screen.paragraph(found["body"])


def plan(screen: AnyScreen, shape: Mapping[str, Any]) -> None:
    """Write how far a plan has come and what it found."""
    screen.say(one_line(shape["goal"]), "bold")
    screen.say(f"{shape['state']}, {shape['progress']:.0f}%, {one_line(shape['message'])}")
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
    if shape["final_plan"]:
        screen.say()
        screen.paragraph(shape["final_plan"])


def _iteration(iteration: dict[str, Any]) -> str:
    names = ", ".join(iteration["frameworks"]) or iteration["state"]
    seconds = f", {iteration['duration_ms'] / 1000:.1f} s" if iteration["duration_ms"] else ""
    points = len(iteration["data_points"])
    return f"Iteration {iteration['number']}: {names}; {points} data points{seconds}"
