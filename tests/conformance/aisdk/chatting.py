"""A chat of npm `ai` in a Node process of its own, driven line by line."""

import json
import queue
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.api.server import PATIENCE, Server
from tests.conformance.packages import FOLDER, need_node

Json = dict[str, Any]
SCRIPT = FOLDER / "aisdk-chat.mjs"
ENDS = ("finish", "error", "abort")


class Chat:
    """What a page would do with the package, and what it would see."""

    def __init__(self, process: "subprocess.Popen[str]", chat_id: str) -> None:
        self.id = chat_id
        self.seen: list[Json] = []  # every line
        self._process = process
        self._lines: queue.Queue[Json | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def tell(self, act: str, **given: Any) -> None:
        """Give a command without waiting for what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"act": act, **given}) + "\n")
        self._process.stdin.flush()

    def wait(self, wanted: Callable[[Json], bool]) -> Json:
        """Return the next line that is wanted; those before it are passed over."""
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            self.seen.append(line)
            assert line["on"] != "broken", line["message"]
            if wanted(line):
                return line
        raise AssertionError("the chat's process ended")

    def wait_chunk(self, type_: str) -> Json:
        line = self.wait(lambda one: one["on"] == "chunk" and one["chunk"]["type"] == type_)
        chunk: Json = line["chunk"]
        return chunk

    def done(self, act: str = "") -> Json:
        """Return how a command came out. Whatever came over the wire must have been valid."""
        line = self.wait(lambda one: one["on"] == "done" and act in ("", one["act"]))
        for answer in line["answers"]:
            assert answer["invalid"] == []
        return line

    def do(self, act: str, **given: Any) -> Json:
        self.tell(act, **given)
        return self.done(act)

    def send(self, text: str, **given: Any) -> Json:
        return self.do("send", text=text, **given)

    def approve(self, approval: str, *, approved: bool = True, reason: str = "") -> Json:
        """Answer an approval, and post that."""
        self.do("approve", id=approval, approved=approved, reason=reason)
        return self.do("push")


@contextmanager
def chatting(
    server: Server,
    name: str = "ada",
    *,
    chat_id: str = "",
    door: str = "chat",
    port: int = 0,
    automatic: bool = False,
    messages: list[Json] | None = None,
    **body: Any,
) -> Iterator[Chat]:
    """Open a chat as a user; further keywords are sent with every message."""
    node = need_node("ai")
    chat_id = chat_id or f"chat-{uuid.uuid4().hex}"
    settings = {
        "api": f"http://127.0.0.1:{port or server.port}/ai-sdk/{door}",
        "headers": {"Authorization": f"Token {server.tokens[name]}"} if name else {},
        "id": chat_id,
        "body": body,
        "messages": messages,
        "automatic": automatic,
    }
    process = subprocess.Popen(
        [node, str(SCRIPT), json.dumps(settings)],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Chat(process, chat_id)
    finally:
        process.kill()
        process.communicate()


def answer_of(line: Json) -> Json:
    """Return the one answer of a command, which is whole: from `start` to `[DONE]`."""
    (answer,) = line["answers"]
    assert answer["status"] == 200
    assert answer["version"] == "v1"
    assert answer["type"].startswith("text/event-stream")
    assert answer["done"]
    assert answer["types"][-1] in ENDS
    assert [one for one in answer["types"] if one in ENDS] == answer["types"][-1:]
    assert answer["ids"] == sorted(answer["ids"])
    return dict(answer)


def reply(line: Json) -> Json:
    """Return the last message of the chat, which is the assistant's."""
    message: Json = line["messages"][-1]
    assert message["role"] == "assistant"
    return message


def text(message: Json) -> str:
    return "".join(one["text"] for one in message["parts"] if one["type"] == "text")


def tool(message: Json) -> Json:
    """Return the last tool call of a message."""
    calls: list[Json] = [one for one in message["parts"] if one["type"] == "dynamic-tool"]
    return calls[-1]
