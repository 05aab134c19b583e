"""A driver without a network: a log in memory that answers as the server does, cut at will."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cairn_client.events import Event, Gap, Snapshot, Told
from cairn_client.following import Following
from cairn_client.steps import Answer, Close, Failure, Open, Read, Reply, Request, Step, Wait

RUN = "0b7e4f0c-5b0e-4a3f-9d51-51ad0f9a3b11"
LENGTH = 6
BROKEN = Failure("broken", "cut")
SILENT = Failure("silent", "nothing")
UNSENT = Failure("unsent", "refused")
STREAM = {"content-type": "text/event-stream; charset=utf-8"}


def event(position: int, *, final: bool = False, run_id: str = RUN) -> dict[str, Any]:
    more = {"final": True} if final else {}
    data = {"text": f"Zeile {position} \u2028 äöü 😀"}
    return {"type": "noted", "position": position, "run_id": run_id, "data": data, **more}


def log(length: int) -> list[dict[str, Any]]:
    return [event(position, final=position == length) for position in range(1, length + 1)]


def frame(told: dict[str, Any], id: int, end: str = "\n") -> bytes:
    text = json.dumps(told, ensure_ascii=False)
    return f"id: {id}{end}data: {text}{end}{end}".encode()


def control(kind: str, position: int, **data: Any) -> bytes:
    told = {"event": "status", "type": kind, "data": {"position": position, **data}}
    return frame(told, position)


def opened(position: int, **more: Any) -> bytes:
    data = {"resume": "exact", "heartbeat_seconds": 15, **more}
    return b"retry: 1000\n" + control("stream_opened", position, **data)


@dataclass
class Line:
    """What one connection brings, in these pieces, and how it ends."""

    pieces: list[bytes]
    end: Failure | None = None  # else an ordinary end of file
    reply: Reply = field(default_factory=lambda: Reply(200, STREAM))

    def chunks(self) -> Iterator[Answer]:
        yield from self.pieces
        yield self.end or b""


def refusal(status: int, code: str, **headers: str) -> Line:
    body = json.dumps({"error": {"code": code, "message": code}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Line([], reply=Reply(status, {"content-type": "application/json", **named}, body))


Connect = Callable[[int], Line | Failure]  # by the cursor


@dataclass
class Driver:
    """Does what a following asks; `waits` and `asked` say what that was."""

    connect: Connect
    page: Callable[[int], Reply | Failure] = lambda after: Failure("broken", "no pages here")
    waits: list[float] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)
    patience: list[float] = field(default_factory=list)
    _chunks: Iterator[Answer] = field(default_factory=lambda: iter(()))

    def told(self, following: Following, most: int = 10_000) -> list[Told]:
        steps, answer, found = following.steps(), None, list[Told]()
        for _ in range(most):
            try:
                step = steps.send(answer)
            except StopIteration:
                return found
            if isinstance(step, Event | Gap | Snapshot):
                found.append(step)
                answer = None
            else:
                answer = self._do(step)
        raise AssertionError(f"no end after {found} {self.waits} {self.asked}")

    def _do(self, step: Step) -> Answer:
        match step:
            case Open(request, patience):
                self.patience.append(patience)
                self.asked.append(("stream", after := int(request.params["after"])))
                line = self.connect(after)
                if isinstance(line, Failure):
                    return line
                self._chunks = line.chunks()
                return line.reply
            case Read():
                return next(self._chunks)
            case Request():
                self.asked.append(("page", after := int(step.params["after"])))
                return self.page(after)
            case Wait(seconds):
                self.waits.append(seconds)
            case Close():
                self._chunks = iter(())
        return None


def following(**how: Any) -> Following:
    return Following.run(RUN, **how)


def positions(told: list[Told]) -> list[int]:
    return [one.position for one in told if isinstance(one, Event)]


def bytes_after(after: int, length: int = LENGTH) -> bytes:
    frames = [frame(one, one["position"]) for one in log(length)[after:]]
    return opened(after) + b": hb\n" + b": hb\n".join(frames)


def page(after: int, *, limit: int = 2, length: int = LENGTH, **more: Any) -> Reply:
    events = log(length)[after:][:limit]
    position = events[-1]["position"] if events else after
    told = {
        "events": events,
        "position": position,
        "has_more": position < length,
        "state": "completed",
        "poll_after_ms": 250,
        "resume": "exact",
        **more,
    }
    return Reply(200, {"content-type": "application/json"}, json.dumps(told).encode())
