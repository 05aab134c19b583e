"""The datamodel dialect: the flat messages of the first data-model chat.

    {"type": "auto_init", "message": "Reading the files."}        while the data is profiled
    {"type": "chat_progress", "message": "🤔 Processing your request..."}     while a reply is made
    {"type": "chat_result", "data": {...}}                        the whole reply, once and last
    {"type": "error", "message": "Error: ..."}                    instead, if there is none

A run's sign of life does not say what kind of run it is, so there is a dialect for each kind.
A profiling run ends with `complete`, a reply with `chat_result`, and either with `error`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from streams.dialects.base import Dialect, Frame, Row
from streams.profiles import Mode

Data = dict[str, Any]
Message = dict[str, Any]
Build = Callable[[Data, str | None], Message | None]

PROCESSING = "🤔 Processing your request..."
# What a reply is told for each sign of life; the last one as often as it takes.
THINKING = (
    "🧠 Analyzing your request...",
    "⚡ Generating response...",
    "⏳ Still working on your request...",
    "⏳ This takes longer than usual...",
    "⏳ Still at work. You can wait, or cancel...",
)
PROFILING = (
    "🔍 Still reading the data...",
    "🧮 Still counting and comparing columns...",
    "⏳ Large data takes a while...",
    "⏳ Still at work. You can wait, or cancel...",
)
CANCELLED = "Error: The request was cancelled."
EXPIRED = "Error: Nobody answered in time."
REJECTED = "Error: The request was rejected."


def _says(text: str) -> Build:
    return lambda data, content: {"message": text}


def _sign_of_life(texts: tuple[str, ...]) -> Build:
    def build(data: Data, content: str | None) -> Message:
        return {"message": texts[min(data["number"], len(texts)) - 1]}

    return build


def _progress(data: Data, content: str | None) -> Message | None:
    # The first one of a reply was told when the message came, before anybody worked on it.
    is_first = data["message"] == PROCESSING.partition(" ")[2]
    return None if is_first else {"message": data["message"]}


def _added(data: Data, content: str | None) -> Message | None:
    return {"message": PROCESSING} if data["role"] == "user" else None


def _asked(data: Data, content: str | None) -> Message:
    return {"message": f"✋ Waiting for your decision: {data['question']}"}


def _no_progress(data: Data, content: str | None) -> Message:
    seconds = data["seconds"]
    return {"message": f"⚠️ Nothing new for {seconds} s. You can go on waiting, or cancel..."}


def _retrying(data: Data, content: str | None) -> Message:
    seconds = round(data["retry_in_seconds"])
    return {"message": f"🔁 That did not work. Trying again in {seconds} s..."}


def _ready(data: Data, content: str | None) -> Message:
    counts = (f"{data[name]:,} {name}" for name in ("tables", "columns", "rows"))
    return {"message": f"✅ Data model ready: {', '.join(counts)}."}


def _result(data: Data, content: str | None) -> Message:
    """Tell the whole reply, or where to pull it from for a client that asked for signals."""
    if content is None:
        pull = {name: data[name] for name in ("message_id", "sequence")}
        return {"type": "chat_result", **pull}
    return {"type": "chat_result", "data": json.loads(content or "null")}


def _failed(data: Data, content: str | None) -> Message:
    return {"type": "error", "message": f"Error: {data['error']['message']}"}


def _error(text: str) -> Build:
    return lambda data, content: {"type": "error", "message": text}


EITHER: Mapping[str, Build] = {
    "progress": _progress,
    "no_progress": _no_progress,
    "gate_opened": _asked,
    "gate_answered": lambda data, content: {"message": f"Decided: {data['decision']}."},
    "run_retrying": _retrying,
    "run_reassigned": _says("🔁 A worker was lost. Another one goes on..."),
    "run_failed": _failed,
    "run_cancelled": _error(CANCELLED),
    "run_expired": _error(EXPIRED),
    "run_rejected": _error(REJECTED),
}
OF_INITIALISATION: Mapping[str, Build] = {
    **EITHER,
    "session_started": lambda data, content: {"message": f"🚀 Initializing {data['data_set']}..."},
    "still_working": _sign_of_life(PROFILING),
    "data_model_ready": _ready,
    "run_completed": lambda data, content: {"type": "complete"},
}
OF_CHAT: Mapping[str, Build] = {
    **EITHER,
    "message_added": _added,
    "still_working": _sign_of_life(THINKING),
    "result": _result,
}


def _dump(message: Message) -> Frame:
    return Frame(json.dumps(message, separators=(",", ":"), ensure_ascii=False))


def _control(type_: str, data: Data, moment: str) -> list[Frame]:
    """Say nothing of a stream that simply begins; say what is missing, and why it ends."""
    if type_ != "stream_opened":
        return [_dump({"type": type_, **data})]
    if data["resume"] == "exact":
        return []
    return [_dump({"type": "gap", "from": data["from"], "to": data["to"]})]


def _dialect(name: str, type_: str, builders: Mapping[str, Build]) -> Dialect:
    def row(row: Row, mode: Mode) -> list[Frame]:
        build = builders.get(row.type)
        if build is None:
            return []
        content = (row.content or "") if row.has_content and mode == "inline" else None
        message = build(json.loads(row.body)["data"], content)
        return [] if message is None else [_dump({"type": type_, **message})]

    return Dialect(name=name, row=row, control=_control)


INITIALISATION = _dialect("datamodel-init", "auto_init", OF_INITIALISATION)
CHAT = _dialect("datamodel-chat", "chat_progress", OF_CHAT)
