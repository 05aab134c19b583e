"""How what an engine says becomes events and the parts of a message."""

import asyncio
import json
from typing import Any, cast
from uuid import UUID, uuid4

from agents.base import Part
from chat.events import PartReady
from chat.telling import ReplyTeller
from runs.scope import StepScope
from streams.events import Event


class Noting:
    """A step that keeps what is told instead of writing it."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.told: list[Event] = []

    def message_id(self, label: str) -> UUID:
        return self.id

    def sequence_of(self, message_id: UUID) -> int:
        return 0

    async def emit(self, *events: Event, also: Any = None) -> None:
        self.told += events


def test_each_quoted_file_is_kept_under_the_id_of_its_text():
    """Row 4-47: a copy of the message finds it too."""
    scope = Noting()
    teller = ReplyTeller(cast(StepScope, scope), operation="reply", first=0, last=100)

    async def say() -> None:
        for path in ("a.md", "b.md"):
            await teller.tell(Part(name="reference", data={"path": path, "text": "long"}))

    asyncio.run(say())

    told = [cast(PartReady, one) for one in scope.told]
    assert [json.loads(one.content)["path"] for one in told] == ["a.md", "b.md"]
    kept = [one["message_id"] for one in teller.parts["references"]]
    assert kept == [str(one.message_id) for one in told]
    assert len(set(kept)) == 2
