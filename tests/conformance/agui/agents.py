"""An agent of npm `@ag-ui/client` in a Node process of its own, driven line by line."""

import json
import queue
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.api.server import PATIENCE, Server
from tests.conformance.agui.frames import Frame, validated
from tests.conformance.packages import FOLDER, need_node

Json = dict[str, Any]
SCRIPT = FOLDER / "agui-agent.mjs"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command: the frames of its answer, and how the agent is now."""

    frames: list[Frame]
    done: Json

    @property
    def last(self) -> Json:
        return self.frames[-1].event

    @property
    def types(self) -> list[str]:
        return [one.event["type"] for one in self.frames]

    @property
    def interrupt(self) -> Json:
        """The one interrupt that the run ended with, of which the agent knows."""
        assert self.last["type"] == "RUN_FINISHED", self.last
        (found,) = self.last["outcome"]["interrupts"]
        assert self.done["pendingInterrupts"] == [found]
        return dict(found)

    @property
    def ending(self) -> str:
        """How the run ended: success, interrupt, cancelled, or the code of its error."""
        if self.last["type"] == "RUN_ERROR":
            return str(self.last["code"])
        return str(self.last["outcome"]["type"])

    def text(self) -> str:
        """Return the text of the agent's last message."""
        return str(self.done["messages"][-1].get("content", ""))


@dataclass
class Agent:
    """What a page would do with the package, and what it would see."""

    process: "subprocess.Popen[str]"
    thread: str
    frames: list[Frame] = field(default_factory=list)  # of the answer that is read

    def __post_init__(self) -> None:
        self._lines: queue.Queue[Json | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def tell(self, act: str, **given: Any) -> None:
        """Give a command without waiting for what comes of it."""
        assert self.process.stdin is not None
        self.frames = [] if act == "run" else self.frames
        self.process.stdin.write(json.dumps({"act": act, **given}) + "\n")
        self.process.stdin.flush()

    def wait(self, on: str, **wanted: Any) -> Json:
        """Return the next line of a kind; every frame on the way there must be valid."""
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            if line["on"] == "frame":
                self.frames.append(validated(line.get("id"), line["event"]))
            if line["on"] == on and wanted.items() <= line.get("event", line).items():
                return line
        raise AssertionError("the agent's process ended")

    def event(self, type_: str) -> Json:
        """Return the next event of a type."""
        found: Json = self.wait("frame", type=type_)["event"]
        return found

    def done(self, act: str = "run") -> Outcome:
        done = self.wait("done", act=act)
        return Outcome(self.frames, done)

    def run(self, text: str | None = None, **given: Any) -> Outcome:
        """Post, and return what came of it; with a text, that is said."""
        self.tell("run", **given, **({} if text is None else {"text": text}))
        return self.done()

    def resume(self, interrupt: Json, payload: Any = None, **given: Any) -> Outcome:
        """Answer an interrupt."""
        answer = {"interruptId": interrupt["id"], "status": "resolved", "payload": payload}
        return self.run(resume=[answer], **given)

    def abandon(self, interrupt: Json) -> Outcome:
        return self.run(resume=[{"interruptId": interrupt["id"], "status": "cancelled"}])


@contextmanager
def agent(
    server: Server,
    user: str = "ada",
    *,
    door: str = "chat",
    thread: str = "",
    port: int = 0,
    messages: list[Json] | None = None,
    state: Json | None = None,
) -> Iterator[Agent]:
    """Open an agent as a user, in a thread of its own unless one is named."""
    settings = {
        "url": f"http://127.0.0.1:{port or server.port}/ag-ui/{door}",
        "headers": {"Authorization": f"Token {server.tokens[user]}"} if user else {},
        "threadId": (thread := thread or str(uuid.uuid4())),
        "messages": messages or [],
        "state": state or {},
    }
    process = subprocess.Popen(
        [need_node("@ag-ui/client"), str(SCRIPT), json.dumps(settings)],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Agent(process, thread)
    finally:
        process.kill()
        process.communicate()
