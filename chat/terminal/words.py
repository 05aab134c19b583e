"""What each event of a chat means, in words."""

import json
from collections.abc import Sequence
from typing import Any

from chat.terminal import tables
from runs.terminal.words import RUNS, Data, Exact, Line, Piece, Table, Told, count


def _state(data: Data) -> Line | None:
    told = {
        "cancelling": Line("stop", "Cancelling..."),
        "resumed": Line("play", "It goes on."),
        "shutdown": Line("retry", "The worker was stopped; another one goes on."),
    }
    return told.get(data.get("reason") or "")


def _ready(data: Data) -> list[Line]:
    figures = ", ".join(
        [
            count(data["tables"], "table"),
            count(data["columns"], "column"),
            count(data["rows"], "row"),
            count(data["relationships"], "relationship"),
            f"quality {data['quality']:.0f} of 100",
            count(data["issues"], "issue"),
        ]
    )
    lines = [
        Line("check", f"The data is ready: {data['name']}", "success"),
        Line("", data["summary"]),
        Line("", figures, "dim"),
    ]
    if suggestions := data.get("suggestions"):
        lines.append(Line("", "You could ask:"))
        lines += [Line("", f"- {one}") for one in suggestions]
    return lines


def _added(data: Data) -> Line | None:
    if data["role"] == "system":
        return None  # told by what it is about
    return Line("hand", f"{data['by']}: {data['content']}", "bold")


def _rows(table: dict[str, Any]) -> list[Exact]:
    rows = tables.render(table["columns"], table["rows"], table["row_count"])
    return [Exact(row) for row in rows]


def _query(data: Data) -> Sequence[Told]:
    """Tell what was executed; the answer in words has the rows that count."""
    query: dict[str, Any] = json.loads(data["content"])
    result = query["result"]
    lines = [Line("", f"Understood as: {query['interpretation']}", "dim")]
    lines += [Line("", f"Assumed: {one}", "dim") for one in query["assumptions"]]
    lines.append(Line("", f"SQL: {query['sql']}", "dim"))
    if query["values"]:
        given = json.dumps(query["values"], ensure_ascii=False)
        lines.append(Line("", f"Values: {given}", "dim"))
    lines.append(Line("", f"{count(result['row_count'], 'row')}.", "dim"))
    return lines


def _read(data: Data) -> Line:
    quoted = json.loads(data["content"])
    return Line("", f"Read @{quoted['reference']}", "dim")


def _completed(data: Data) -> Sequence[Piece]:
    return (Piece("\n"),) if data["final_sequence"] else ()


def _decided(data: Data) -> Line:
    by = f" by {data['decided_by']}" if data.get("decided_by") else ""
    why = f": {data['reason']}" if data.get("reason") else "."
    return Line("check", f"Decided{by} ({data['decision'].replace('_', ' ')}){why}")


def _called(data: Data) -> Line:
    given = ", ".join(f"{name}={json.dumps(value)}" for name, value in data["arguments"].items())
    return Line("cycle", f"{data['tool']}({given})")


def _returned(data: Data) -> Line:
    if data.get("error"):
        return Line("cross", f"The tool failed: {data['error']}", "error")
    return Line("check", f"The tool gave: {json.dumps(data.get('result'), ensure_ascii=False)}")


def _result(data: Data) -> Sequence[Told] | None:
    """Tell the card of a workflow; what a reply came to was told as it came."""
    if data["operation"] != "workflow":
        return None
    card = json.loads(data["content"])
    lines: list[Line | Exact] = [Line("check", card["title"], "bold")]
    lines += [Exact(line) for line in card["text"].splitlines()]
    if table := card.get("table"):
        lines += _rows(table)
    lines += [Line("disk", f"Written: {one}") for one in card.get("files", ())]
    return lines


def _gate_expired(data: Data) -> Line:
    return Line("clock", "Nobody answered in time; it goes on without.", "warning")


def _merged(data: Data) -> Line:
    return Line("", f"{count(data['turns'], 'turn')} merged into another branch by {data['by']}.")


SESSION: Table = {
    **RUNS,
    "run_state": _state,
    "session_started": lambda data: Line("rocket", f"{data['title']}: about {data['data_set']}."),
    "data_model_ready": _ready,
    "message_added": _added,
    "intent_parsed": lambda data: Line(
        "", f"Intent: {data['intent_type']} ({data['confidence']:.0%} sure)", "dim"
    ),
    "query_executed": _query,
    "reference_read": _read,
    "content_delta": lambda data: Piece(data["content"]),
    "message_completed": _completed,
    "message_ended": lambda data: Line("stop", f"The answer is {data['status']}.", "warning"),
    "tool_call_decided": _decided,
    "tool_call_started": _called,
    "tool_call_result": _returned,
    "result": _result,
    "gate_expired": _gate_expired,
    "mode_switched": lambda data: Line("", f"The mode is {data['mode']} now (by {data['by']})."),
    "branch_created": lambda data: Line("", f"Branch {data['name']} parted by {data['by']}."),
    "branch_switched": lambda data: Line("", f"Another branch is shown now (by {data['by']})."),
    "branch_merged": _merged,
    "title_changed": lambda data: Line("", f"The chat is called {data['title']} now."),
    "run_failed": lambda data: Line(
        "cross", f"That did not work: {data['error']['message']}", "error"
    ),
    "run_cancelled": lambda data: Line("stop", "Cancelled.", "warning"),
}
# For the one who asked: the question is on the screen already.
REPLY: Table = {name: tell for name, tell in SESSION.items() if name != "message_added"}
