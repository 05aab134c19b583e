"""A session of everything, recorded: its log, and what the page would be given at each commit.

The JavaScript tests replay it: a snapshot with the events after it must give what the whole log
gives. Snapshots are most of it, so what occurs in several is written once and referred to by its number,
and of each is kept what differs from the one before.
"""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from agents.chats import Workflow
from agents.tools import TOOLS
from chat import actions, branches, posting, shapes
from chat import workflows as chat_workflows
from chat.models import Branch, ChatSession, Message
from runs import actions as run_actions
from runs import shapes as run_shapes
from runs.models import Gate
from streams import hub
from tests.chat.talking import ask, pending, start, told, work_off
from tests.factories import answer, make_user

RECORDED = Path(__file__).resolve().parents[1] / "js" / "support" / "session-log.json"
LISTS = ("messages", "runs", "branches", "gates", "pending_gates")
TOOL = SimpleNamespace(
    name="save_file", description="Writes a file.", needs_approval=True, modes={"act"}
)
WORKFLOW = Workflow(name="report", title="Report", description="Writes a report.")


class Recorder:
    """Takes a snapshot of a session whenever something of it is committed."""

    def __init__(self) -> None:
        self.session: ChatSession | None = None
        self.snapshots: list[dict[str, Any]] = []
        self.gates: dict[str, dict[str, Any]] = {}  # as REST told them while they were open
        self._notify = hub.notify

    def notify(self, grown: hub.Grown) -> None:
        self._notify(grown)
        if self.session is None or self.session.stream_id not in grown:
            return
        taken = shapes.snapshot(ChatSession.objects.get(pk=self.session.pk))
        if not self.snapshots or self.snapshots[-1]["position"] != taken["position"]:
            self.snapshots.append(json.loads(json.dumps(taken)))

    def keep_gate(self, gate: Gate) -> None:
        shown = run_shapes.gate(gate)
        self.gates[shown["id"]] = json.loads(json.dumps(shown))


def record(monkeypatch: Any) -> dict[str, Any]:
    """Return the recording of a new session."""
    recorder = Recorder()
    monkeypatch.setattr(hub, "notify", recorder.notify)
    monkeypatch.setitem(TOOLS, TOOL.name, TOOL)
    monkeypatch.setattr(chat_workflows, "WORKFLOWS", (WORKFLOW,))
    session = start(make_user("ann"), is_ready=False, title="Penguins")
    recorder.session = session
    work_off(session)
    for part in (_simple, _tools, _troubles, _branches):
        part(session, recorder)
    events = [_as_sent(one) for one in told(session)]
    objects, snapshots = _shared(recorder.snapshots)
    return {
        "events": events,
        "objects": objects,
        "snapshots": snapshots,
        "gates": list(recorder.gates.values()),
    }


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as readers of the inline profile get it."""
    if "content" in event:
        event["data"]["content"] = event.pop("content")
    return event


def _simple(session: ChatSession, recorder: Recorder) -> None:
    session.workspace.mkdir(parents=True, exist_ok=True)
    (session.workspace / "notes.md").write_text("one\ntwo\n")
    ask(session, "How many rows by month? See @notes.md:1-2.")
    posting.post_message(session, "One?", by=session.created_by)
    posting.post_message(session, "Two?", by=session.created_by)
    work_off(session)
    actions.rename(session, "Birds", by=session.created_by)
    posting.start_workflow(session, "report", {}, by=session.created_by)
    work_off(session)


def _tools(session: ChatSession, recorder: Recorder) -> None:
    actions.switch_mode(session, "act", by=session.created_by)
    decisions: list[Callable[[Gate], Gate]] = [
        lambda gate: answer(gate, payload={"arguments": {"call-1": {"path": "other.md"}}}),
        lambda gate: answer(gate, decision="reject", comment="Not today"),
        lambda gate: answer(gate, decision="approve_all"),
    ]
    for decide in decisions:
        ask(session, "Please call a tool")
        recorder.keep_gate(pending(session))
        decide(pending(session))
        work_off(session)
    ask(session, "Please call a tool that is allowed")
    ask(session, "Please ask me")
    recorder.keep_gate(pending(session))
    answer(pending(session), decision="answer", comment="March")
    work_off(session)


def _troubles(session: ChatSession, recorder: Recorder) -> None:
    ask(session, "Please fail")
    stopped = ask(session, "Please ask me once more")
    recorder.keep_gate(pending(session))
    run_actions.cancel(stopped.pk)
    queued = posting.post_message(session, "Never mind", by=session.created_by)
    run_actions.cancel(queued.run.pk)


def _branches(session: ChatSession, recorder: Recorder) -> None:
    main = session.active_branch
    asked = _asked(session, "Two?")
    posting.edit_message(session, asked, "Two, differently?", by=session.created_by)
    work_off(session)
    posting.edit_message(session, asked, None, by=session.created_by)
    work_off(session)
    again = session.active_branch
    branches.create(session, by=session.created_by, parent=again, fork_turn=1, name="aside")
    branches.switch(session, main, by=session.created_by)
    branches.merge(session, Branch.objects.get(pk=again.pk), main, by=session.created_by)
    session.refresh_from_db()
    ask(session, "And after all that?")


def _asked(session: ChatSession, text: str) -> Message:
    found = Message.objects.filter(session=session, role=Message.Role.USER)
    return next(one for one in found if shapes.messages([one])[0]["text"] == text)


def _shared(snapshots: list[dict[str, Any]]) -> tuple[list[Any], list[dict[str, Any]]]:
    """Return what lists in the snapshots hold, each once, and the snapshots with its numbers."""
    numbers: dict[str, int] = {}
    for snapshot in snapshots:
        for name in LISTS:
            if name in snapshot:
                texts = [json.dumps(one, sort_keys=True) for one in snapshot[name]]
                snapshot[name] = [numbers.setdefault(text, len(numbers)) for text in texts]
    return [json.loads(text) for text in numbers], _differences(snapshots)


def _differences(snapshots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return of each snapshot what it does not have in common with the one before."""
    before: dict[str, Any] = {}
    found = []
    for one in snapshots:
        found.append({name: value for name, value in one.items() if before.get(name) != value})
        before = one
    return found


def write(recording: dict[str, Any]) -> None:
    """Keep a recording, one item a line, so that a new one can be read as a difference."""
    parts = []
    for name, items in recording.items():
        lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in items)
        parts.append(f'"{name}": [\n{lines}\n]')
    RECORDED.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def types(recording: dict[str, Any]) -> list[str]:
    """Return the types in order; how a text falls into pieces is a matter of time."""
    told = [one["type"] for one in recording["events"]]
    pairs = zip(["", *told], told, strict=False)
    return [after for before, after in pairs if (before, after) != ("content_delta",) * 2]


def names(recording: dict[str, Any]) -> set[str]:
    """Return what there is in events, snapshots and their lists."""
    in_events = {f"{one['type']}.{name}" for one in recording["events"] for name in one["data"]}
    others = [*recording["snapshots"], *recording["objects"], *recording["gates"]]
    return in_events | {name for one in others for name in one}
