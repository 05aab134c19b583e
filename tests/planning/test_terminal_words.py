"""What happens to a plan, in words."""

import pytest

from planning.terminal.words import TOLD
from runs.terminal import words
from streams.events import KNOWN


def test_every_event_told_is_an_event_that_exists():
    assert set(TOLD) <= set(KNOWN)


@pytest.mark.parametrize(
    ("type_", "data", "expected"),
    [
        ("run_failed", {"error": {"code": "x", "message": "No."}}, "Planning error: No."),
        ("checkpoint_expired", {"checkpoint": 1, "policy": "expire"}, "Checkpoint 1 expired."),
        ("run_state", {"state": "paused"}, "Planning paused."),
        ("run_state", {"state": "running", "reason": "cancelling"}, "Cancelling..."),
        ("gate_vote", {"by": "ada", "approvals": 1, "quorum": 2}, "Approved by ada (1 of 2)."),
    ],
)
def test_what_happens_to_a_run_is_said_in_words(type_: str, data: dict[str, object], expected: str):
    assert words.lines({"type": type_, "data": data}, TOLD)[0].text.startswith(expected)
