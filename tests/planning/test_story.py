"""The timeline for readers without scripts."""

from typing import Any

import pytest

from planning import story


def _iteration(number: int) -> dict[str, Any]:
    return {"number": number, "started_at": "2026-11-21T10:00:00Z", "state": "completed"}


def _checkpoint(**more: Any) -> dict[str, Any]:
    known = {"number": 1, "iteration": 2, "created_at": "t", "decided_at": "t", "decision": None}
    return {**known, "state": "pending", **more}


def _plan(**more: Any) -> dict[str, Any]:
    known = {"max_iterations": 4, "iterations": [], "checkpoints": [], "entity": None}
    return {**known, "state": "running", "error": None, "finished_at": None, **more}


def _texts(**more: Any) -> list[str]:
    return [line.text for line in story.lines(_plan(**more))]


def test_a_whole_plan() -> None:
    assert _texts(
        iterations=[_iteration(1), _iteration(2)],
        checkpoints=[_checkpoint(state="decided", decision="approve")],
        entity={"slug": "a-plan"},
        state="completed",
    ) == [
        "Starting planning with 4 iterations...",
        "Starting iteration 1 of 4...",
        "Starting iteration 2 of 4...",
        "CHECKPOINT REACHED (Iteration 2)",
        "Checkpoint approved! Continuing iterations...",
        "Plan saved to memory as entity: a-plan",
        "Planning completed!",
    ]


@pytest.mark.parametrize(
    ("checkpoint", "last"),
    [
        ({"decision": "revise"}, "Checkpoint 1: revision asked. Continuing iterations..."),
        ({"decision": "reject"}, "Checkpoint 1 rejected. Planning stopped."),
        ({"state": "expired"}, "Checkpoint 1 expired. Planning stopped."),
        ({}, "CHECKPOINT REACHED (Iteration 2)"),
    ],
)
def test_what_became_of_a_checkpoint(checkpoint: dict[str, Any], last: str) -> None:
    assert _texts(iterations=[_iteration(2)], checkpoints=[_checkpoint(**checkpoint)])[-1] == last


@pytest.mark.parametrize(
    ("state", "error", "last"),
    [
        ("failed", {"message": "no model"}, "Planning error: no model"),
        ("failed", None, "Planning error: unknown error"),
        ("cancelled", None, "Planning cancelled."),
        ("rejected", None, "Proposal rejected. Planning stopped."),
        ("expired", None, "Proposal expired. Planning stopped."),
    ],
)
def test_endings(state: str, error: dict[str, str] | None, last: str) -> None:
    assert _texts(state=state, error=error) == [last]


def test_nothing_yet() -> None:
    assert _texts() == []
