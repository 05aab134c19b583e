"""Each request there is, once, for both clients.

Whatever starts something carries an idempotency key, your own or a new one, so a request whose
answer was lost is sent again and starts nothing twice. All raise `CairnError`.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from cairn_client.calling import Again, ask_json
from cairn_client.errors import AlreadyDecided
from cairn_client.shapes import (
    Content,
    Entity,
    File,
    Gate,
    Message,
    Plan,
    PlanSummary,
    Posted,
    Run,
    Session,
    SessionSummary,
    Work,
)
from cairn_client.steps import Call, Request

Id = str | UUID
Source = Path | tuple[str, bytes]  # a file on disk, or a name and what is in it
MOST_LISTED = 100  # what the server gives in one page at most


def start_plan(
    goal: str,
    *,
    max_iterations: int = 4,
    checkpoint_interval: int = 2,
    documents: Sequence[str] = (),
    deadline_seconds: int | None = None,
    four_eyes: bool = False,
    idempotency_key: str = "",
    **more: Any,
) -> Call[PlanSummary]:
    """Start a plan. `documents` are slugs of memory, or ids of uploaded files."""
    body = {
        "goal": goal,
        "max_iterations": max_iterations,
        "checkpoint_interval": checkpoint_interval,
        "documents": list(documents),
        "deadline_seconds": deadline_seconds,
        "four_eyes": four_eyes,
        **more,
    }
    return _create("plans/", body, idempotency_key)


def start_strategy(
    goal: str, *, documents: Sequence[str] = (), idempotency_key: str = ""
) -> Call[Work]:
    """Start a strategy: eight steps, of which each may fail without ending it."""
    body = {"goal": goal, "documents": list(documents)}
    return _create("strategies/", body, idempotency_key)


def branch_plan(
    plan: Id, checkpoint: int, *, guidance: str = "", idempotency_key: str = ""
) -> Call[PlanSummary]:
    """Start a new plan from what another had reached at a checkpoint."""
    body = {"checkpoint": checkpoint, "guidance": guidance}
    return _create(f"plans/{plan}/branch/", body, idempotency_key)


def upload(source: Source, *, idempotency_key: str = "") -> Call[File]:
    """Send a document or a data set; its id can be given to plans and sessions."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            sent: File = yield from _upload(source.name, file, idempotency_key)
    else:
        sent = yield from _upload(source[0], BytesIO(source[1]), idempotency_key)
    return sent


def start_session(
    *,
    title: str = "",
    files: Sequence[Source | Id] = (),
    demo: str = "",
    mode: str = "plan",
    idempotency_key: str = "",
    **more: Any,
) -> Call[Session]:
    """Start a chat about files, or about demonstration data; a run profiles them first.

    Files that are not ids are uploaded. `mode` is `plan` or `act`.
    """
    known = []
    for number, source in enumerate(files):
        if isinstance(source, str | UUID):
            known.append(str(source))
        else:
            once = f"{idempotency_key} file {number}" if idempotency_key else ""
            known.append((yield from upload(source, idempotency_key=once))["id"])
    body = {"title": title, "files": known, "demo": demo, "mode": mode, **more}
    started: Session = yield from _create("sessions/", body, idempotency_key)
    return started


def post_message(
    session: Id,
    text: str,
    *,
    branch: str = "",
    files: Sequence[Id] = (),
    idempotency_key: str = "",
) -> Call[Posted]:
    """Ask. Follow the run that answers."""
    body: dict[str, Any] = {"text": text, "files": [str(one) for one in files]}
    if branch:
        body["branch"] = branch
    return _create(f"sessions/{session}/messages/", body, idempotency_key)


def plan(plan: Id) -> Call[Plan]:
    """Return a plan with all it found so far."""
    return _get(f"plans/{plan}/")


def plans(*, limit: int = 20) -> Call[list[PlanSummary]]:
    """Return your newest plans, at most 100."""
    return _list("plans/", limit=str(min(limit, MOST_LISTED)))


def strategy(strategy: Id) -> Call[dict[str, Any]]:
    """Return a strategy with its steps, and its document once it is written."""
    return _get(f"strategies/{strategy}/")


def session(session: Id) -> Call[Session]:
    """Return a chat: its data, branches, state, and what it waits for."""
    return _get(f"sessions/{session}/")


def sessions(*, search: str = "", limit: int = 20) -> Call[list[SessionSummary]]:
    """Return your chats, the last used first, at most 100."""
    return _list("sessions/", search=search, limit=str(min(limit, MOST_LISTED)))


def messages(session: Id, *, limit: int = 20) -> Call[list[Message]]:
    """Return a page of a chat's messages."""
    limited = str(min(limit, MOST_LISTED))
    return _list(f"sessions/{session}/messages/", limit=limited)


def entity(slug: str) -> Call[Entity]:
    """Return a document of memory."""
    return _get(f"entities/{slug}/")


def entities(*, limit: int = 20) -> Call[list[Entity]]:
    """Return the newest documents of memory, at most 100."""
    return _list("entities/", limit=str(min(limit, MOST_LISTED)))


def run(run: Id) -> Call[Run]:
    """Return a run's status."""
    return _get(f"runs/{run}/")


def cancel(run: Id) -> Call[Run]:
    """Stop a run, at once or as soon as its worker can; asking twice changes nothing."""
    return _post(f"runs/{run}/cancel/")


def pause(run: Id) -> Call[Run]:
    """Pause a run where it next can; asking twice changes nothing."""
    return _post(f"runs/{run}/pause/")


def resume(run: Id) -> Call[Run]:
    """Go on with a paused run, or take a pause back. Asked again it would be a conflict."""
    return _post(f"runs/{run}/resume/", again="unsent")


def gate(gate: Id) -> Call[Gate]:
    """Return what is asked, with the decisions there are and the digest to name."""
    return _get(f"gates/{gate}/")


def gates(*, state: str = "pending", limit: int = MOST_LISTED) -> Call[list[Gate]]:
    """Return gates that you may see, the newest first, at most 100."""
    return _list("gates/", state=state, limit=str(min(limit, MOST_LISTED)))


def answer(
    gate_id: Id,
    decision: str,
    *,
    digest: str,
    comment: str = "",
    payload: dict[str, Any] | None = None,
) -> Call[Gate]:
    """Decide a gate, once. `digest` is that of what you have shown: see `cairn_client.digest`.

    Raises `AlreadyDecided`, `PayloadChanged`, `Expired`, `Forbidden` and `Invalid`. When an
    answer of the server was lost and the gate turns out to be decided just so, the gate is
    returned: its `decided_by` says by whom.
    """
    body = {"decision": decision, "digest": digest, "comment": comment, "payload": payload}
    request = Request(method="POST", path=f"gates/{gate_id}/answer/", json=body)
    try:
        found: Gate = yield from ask_json(request)
    except AlreadyDecided as error:
        if not error.is_repeat or error.decision != decision:
            raise
        found = yield from gate(gate_id)
        if (found["comment"], found["via"]) != (comment.strip(), "api"):
            raise error from None
    return found


def content(message: Id, *, from_sequence: int = 0) -> Call[Content]:
    """Return a message's text after a sequence, exclusive: what signals do not carry."""
    texts = []
    while True:
        params = {"from_sequence": str(from_sequence)}
        page = yield from ask_json(Request(path=f"messages/{message}/content/", params=params))
        texts.append(page["content"])
        from_sequence = page["sequence"]
        if not page["has_more"]:
            return {
                "message_id": page["message_id"],
                "sequence": from_sequence,
                "content": "".join(texts),
                "completed": page["completed"],
            }


def _get(path: str) -> Call[Any]:
    return ask_json(Request(path=path))


def _list(path: str, **params: str) -> Call[Any]:
    return (yield from ask_json(Request(path=path, params=params)))["results"]


def _post(path: str, again: Again = "always") -> Call[Any]:
    return ask_json(Request(method="POST", path=path), again)


def _create(path: str, body: dict[str, Any], key: str) -> Call[Any]:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return ask_json(Request(method="POST", path=path, json=body, headers=headers))


def _upload(name: str, file: BinaryIO, key: str) -> Call[Any]:
    headers = {"Idempotency-Key": key or str(uuid4())}
    request = Request(method="POST", path="files/", file=(name, file), headers=headers)
    return ask_json(request)
