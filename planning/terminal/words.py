"""What each event of a plan means, in the words of the web page's timeline."""

from runs.terminal.words import RUNS, Data, Line, Table, count


def _state(data: Data) -> Line | None:
    reason = data.get("reason") or ""
    if data["state"] == "paused":
        return Line("pause", "Planning paused.", "warning")
    told = {
        "resumed": Line("play", "Planning resumed."),
        "pausing": Line("pause", "Pausing after this iteration..."),
        "cancelling": Line("stop", "Cancelling..."),
        "shutdown": Line("retry", "The worker was stopped; another one goes on."),
    }
    return told.get(reason)


def _answered(data: Data) -> Line | None:
    """Tell of gates whose decision no other event tells of."""
    by = f"{data['decided_by']} via {data['via']}"
    if data["kind"] == "checkpoint":
        return Line("", f"Decided by {by}: {data['decision']}.", "dim")
    if data["kind"] != "proposal":
        return Line("check", f"{data['name']}: {data['decision']} (by {by}).")
    told = {
        "approve": Line("check", f"Proposal approved (by {by}).", "success"),
        "adjust": Line("cycle", f"Proposal to be adjusted (by {by})."),
        "reject": Line("cross", "Proposal rejected. Planning stopped.", "warning"),
    }
    return told.get(data["decision"])


def _iteration_done(data: Data) -> Line:
    found = ", ".join(
        [
            count(len(data["frameworks"]), "framework"),
            count(data["data_points"], "data point"),
            count(data["insights"], "insight"),
            count(data["gaps"], "gap"),
        ]
    )
    seconds = data["duration_ms"] / 1000
    return Line("check", f"Iteration {data['iteration']} done in {seconds:.1f} s: {found}.")


def _reached(data: Data) -> list[Line]:
    names = ", ".join(data["frameworks_so_far"]) or "none"
    return [
        Line("stop", f"CHECKPOINT REACHED (Iteration {data['iteration']})", "bold"),
        Line("", f"Frameworks applied: {names}"),
        Line("", f"Data points extracted: {data['data_points_so_far']}"),
    ]


def _approved(data: Data) -> Line:
    if data["decision"] == "revise":
        text = f"Checkpoint {data['checkpoint']}: revision asked. Continuing iterations..."
        return Line("cycle", text)
    return Line("check", "Checkpoint approved! Continuing iterations...", "success")


def _checkpoint_expired(data: Data) -> Line:
    number = data["checkpoint"]
    if data["policy"] == "approve":
        text = f"Checkpoint {number} expired and was approved by policy. Continuing iterations..."
        return Line("clock", text, "warning")
    return Line("clock", f"Checkpoint {number} expired. Planning stopped.", "warning")


def _gate_expired(data: Data) -> Line | None:
    if data["kind"] == "checkpoint":
        return None
    return Line("clock", "Proposal expired. Planning stopped.", "warning")


def _failed(data: Data) -> Line:
    return Line("cross", f"Planning error: {data['error']['message']}", "error")


def _card(data: Data) -> Line:
    return Line("", f"{data['title']}: {data['description']}", "dim")


TOLD: Table = {
    **RUNS,
    "run_state": _state,
    "gate_answered": _answered,
    "gate_expired": _gate_expired,
    "proposal_ready": lambda data: Line("check", f"Proposal ready: {data['title']}"),
    "planning_started": lambda data: Line(
        "rocket", f"Starting planning with {data['max_iterations']} iterations..."
    ),
    "iteration_started": lambda data: Line(
        "cycle", f"Starting iteration {data['iteration']} of {data['max']}..."
    ),
    "iteration_completed": _iteration_done,
    "educational_card": _card,
    "checkpoint_reached": _reached,
    "checkpoint_approved": _approved,
    "checkpoint_rejected": lambda data: Line(
        "cross", f"Checkpoint {data['checkpoint']} rejected. Planning stopped.", "warning"
    ),
    "checkpoint_expired": _checkpoint_expired,
    "plan_saved": lambda data: Line("disk", f"Plan saved to memory as entity: {data['entity']}"),
    "run_completed": lambda data: Line("check", data["message"] or "Done.", "success"),
    "run_failed": _failed,
    "run_cancelled": lambda data: Line("stop", "Planning cancelled.", "warning"),
}
