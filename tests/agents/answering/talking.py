"""Ask the offline data agent in tests, alone or as a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.adapters import Call
from agents.base import AgentEvent, ApprovalNeeded, Decision, Delta, Done, Part
from agents.chats import Reply
from agents.contract import Flag
from agents.offline.answering.reply import reply
from tests.agents.answering.shop import DataSet, shop

OFFERS = ({"name": "save_file", "description": "Write a file.", "approval": True},)


@dataclass
class Heard:
    """What one step told."""

    events: list[AgentEvent]

    @property
    def asked(self) -> ApprovalNeeded:
        ending = self.events[-1]
        assert isinstance(ending, ApprovalNeeded), ending
        return ending

    @property
    def reply(self) -> Reply:
        ending = self.events[-1]
        assert isinstance(ending, Done), ending
        return Reply.model_validate(ending.result)

    @property
    def rows(self) -> list[list[Any]]:
        assert self.reply.query is not None, self.reply.text
        return [list(row) for row in self.reply.query.result.rows]

    @property
    def value(self) -> Any:
        """The first figure of the first row."""
        return next(cell for cell in self.rows[0] if isinstance(cell, int | float))

    @property
    def parts(self) -> dict[str, Mapping[str, Any]]:
        return {event.name: event.data for event in self.events if isinstance(event, Part)}

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Delta))


@dataclass
class Talk:
    """A conversation about a data set; each answer is kept for the next question."""

    data: DataSet = field(default_factory=shop)
    more: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        state: Any = None,
        decisions: Mapping[str, Decision] | None = None,
        **more: Any,
    ) -> Heard:
        given = self.data.given(question=question, history=self.history, **self.more, **more)
        call = Call(
            run_id="r",
            step="reply-1",
            kind="reply",
            cancel=Flag(),
            input=given,
            state=state,
            decisions=decisions or {},
        )
        heard = Heard(list(reply(call)))
        if isinstance(heard.events[-1], Done):
            self._remember(question, heard.reply)
        return heard

    def _remember(self, question: str, said: Reply) -> None:
        query = said.query
        self.history.append(
            {
                "question": question,
                "answer": said.text,
                "interpretation": query.interpretation if query else "",
                "sql": query.sql if query else "",
                "memory": said.memory,
            }
        )

    def decide(self, text: str, asked: ApprovalNeeded, /, **decisions: Decision) -> Heard:
        """Answer what was asked about `text`: `question=`, or the calls by their ids with `_` for `-`."""
        given = {name.replace("_", "-"): one for name, one in decisions.items()}
        return self.ask(text, state=asked.state, decisions=given)


def ask(question: str, data: DataSet | None = None, **more: Any) -> Heard:
    return Talk(data or shop()).ask(question, **more)


def names(heard: Heard) -> Sequence[str]:
    """Return what kinds of events were told, in order, deltas and parts by name."""
    return [
        event.name if isinstance(event, Part) else type(event).__name__ for event in heard.events
    ]
