"""The `reply` step: what the message wants, then an answer from executed queries.

Two questions to the model. The first sorts the message; the second answers it with tools, and
stops wherever a tool needs a person. All that has to be remembered until then is in the state,
as JSON: another process can go on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai.conversation import Conversation
from pydantic_ai.tools import DeferredToolResults

from agents import grounding
from agents.adapters import Call, Put
from agents.base import ApprovalNeeded, Delta, Done, Part, Progress
from agents.chats import ColumnStatistics, Intent, Query, Reply, ReplyInput, Summary
from agents.exceptions import Permanent
from agents.models import pausing, results
from agents.models.answers import Sorted
from agents.models.asking import Asker, Paused
from agents.models.bench import Bench
from agents.models.material import Material
from agents.models.prompts import Fence, Prompt, render
from agents.models.tools import Desk
from agents.models.usage import told

SUGGESTED = 5
SURE = 0.5  # below, a message is answered even if it may not be about the data
BYE = "Goodbye. The conversation stays here, and you can go on with it at any time."
UNRELATED = "The data of this session cannot tell that."


async def reply(bench: Bench, call: Call, put: Put) -> None:
    """Answer one message, or go on with an answer that waited for decisions."""
    ask = ReplyInput.model_validate(call.input)
    await put(Progress(percent=0, message="Reading your question", agent="intent"))
    asker = Asker(bench.model, bench.client(bench.model, bench.settings), bench.settings)
    if call.state is None:
        work = _begun(ask, asker, call, put)
        for quoted in ask.references:
            await put(Part(name="reference", data=quoted.model_dump(mode="json")))
        await work.sort()
        if await work.is_done_already():
            return
        await work.answer()
    else:
        work, conversation, decided = _resumed(ask, asker, call, put)
        await work.answer(conversation, decided)


@dataclass
class Answer:
    """One round of an answer."""

    desk: Desk
    asker: Asker
    intent: Intent | None = None
    chart: Any = "none"
    said: list[str] = field(default_factory=list)
    is_denied: bool = False
    told_parts: bool = False

    @property
    def ask(self) -> ReplyInput:
        return self.desk.ask

    async def sort(self) -> None:
        """Find out what the message wants, and tell it."""
        material = self.desk.material
        prompt = Prompt(
            render("intent", fence=material.fence.rule()),
            render(
                "intent_question",
                schema=material.schema(self.ask.model),
                history=material.history(self.ask.history),
                question=self.ask.question,
            ),
        )
        found = await self.asker.shape(prompt, Sorted)
        self.chart = found.chart
        reasoning, _ = grounding.marked(found.reasoning, self.desk.known())
        self.intent = Intent(
            intent_type=found.intent_type, confidence=found.confidence, reasoning=reasoning
        )
        await self.desk.put(Part(name="intent", data=self.intent.model_dump(mode="json")))
        await self.desk.put(Progress(percent=30, message="Generating Insight...", agent="insight"))

    async def is_done_already(self) -> bool:
        """End the reply if the message wants nothing of the data."""
        assert self.intent is not None
        kind, sure = self.intent.intent_type, self.intent.confidence >= SURE and not self._named()
        if kind == "EXIT" and sure:
            await self.say(BYE)
            await self._done("ended")
            return True
        if kind == "UNRELATED" and sure:
            asked = "".join(f"\n- {one}" for one in self._suggestions())
            await self.say(UNRELATED + (f" These questions it can:\n{asked}" if asked else ""))
            await self._done("declined")
            return True
        return False

    async def answer(
        self,
        conversation: Conversation | None = None,
        decided: DeferredToolResults | None = None,
    ) -> None:
        """Let the model answer, up to the end or the next question to a person."""
        paused = await self.asker.with_tools(
            self._prompt(),
            self.desk.tools(),
            self.say,
            conversation=conversation,
            results=decided,
            first=self._named(),
        )
        if paused is not None:
            await self._flag()
            await self.desk.put(self._question(paused))
            return
        if not "".join(self.said).strip():
            raise Permanent(f"{self.asker.name} gave an empty answer.", code="bad_output")
        await self.tell_parts()
        await self._done("denied" if self.is_denied else "answered")

    async def say(self, text: str) -> None:
        """Tell a piece of the answer; what was executed for it is told before."""
        if text.strip():
            await self.tell_parts()
        if text:
            self.said.append(text)
            await self.desk.put(Delta(text=text))

    async def tell_parts(self) -> None:
        """Tell the query that the answer rests on, and what its result says by itself; once."""
        if self.told_parts or not self.desk.queries:
            return
        self.told_parts = True
        for name, part in self._parts().items():
            await self.desk.put(Part(name=name, data=part.model_dump(mode="json")))

    def _prompt(self) -> Prompt:
        material = self.desk.material
        return Prompt(
            render("reply", fence=material.fence.rule()),
            render(
                "reply_question",
                schema=material.schema(self.ask.model),
                history=material.history(self.ask.history),
                references=material.references(self.ask.references),
                question=self.ask.question,
            ),
        )

    def _named(self) -> str:
        """Return the tool that the user's own message names, if it is offered."""
        words = set(re.findall(r"\w+", self.ask.question))
        return next((one.name for one in self.ask.tools if one.name in words), "")

    def _question(self, paused: Paused) -> ApprovalNeeded:
        assert self.intent is not None
        state = {
            "boundary": self.desk.material.fence.boundary,
            "intent": self.intent.model_dump(mode="json"),
            "chart": self.chart,
            "queries": [query.model_dump(mode="json") for query in self.desk.queries],
            "counted": [one.model_dump(mode="json") for one in self.desk.counted],
            "files": self.desk.files,
            "is_denied": self.is_denied,
        }
        return pausing.question(paused.conversation, paused.requests, state)

    async def _flag(self) -> tuple[str, ...]:
        """Say which numbers of the text come from nowhere; the text has been told by then."""
        lies = grounding.unverified("".join(self.said), self.desk.known())
        await self.say(grounding.note(lies))
        return lies

    async def _done(self, status: Any) -> None:
        lies = await self._flag()
        assert self.intent is not None
        result = Reply(
            status=status,
            text="".join(self.said),
            intent=self.intent,
            **self._parts(),
            suggestions=self._suggestions() if status == "declined" else (),
            files=tuple(dict.fromkeys(self.desk.files)),
            unverified=lies,
        )
        await self.desk.put(Progress(percent=100, message="The answer is ready.", agent="insight"))
        await self.desk.put(
            Done(result=result.model_dump(mode="json"), usage=told(self.asker.usage))
        )

    def _parts(self) -> dict[str, Any]:
        """Return the last query and what its result says by itself."""
        if not self.desk.queries:
            return {}
        query, counted = self.desk.queries[-1], self.desk.counted
        hint = results.plot(query.result, self.chart)
        return {
            "query": query,
            "insight": results.insight(query.result, counted),
            "summary": Summary(statistics=counted, chart=results.chart(query.result, hint)),
        }

    def _suggestions(self) -> tuple[str, ...]:
        model = self.ask.model
        return (*model.suggested, *model.questions)[:SUGGESTED]


def _begun(ask: ReplyInput, asker: Asker, call: Call, put: Put) -> Answer:
    return Answer(Desk(ask, call, put, Material(Fence(), asker.settings)), asker)


def _resumed(
    ask: ReplyInput, asker: Asker, call: Call, put: Put
) -> tuple[Answer, Conversation, DeferredToolResults]:
    """Return the answer as it was when it stopped, and what was decided since."""
    state: Mapping[str, Any] = call.state
    work = Answer(
        Desk(
            ask,
            call,
            put,
            Material(Fence(state["boundary"]), asker.settings),
            queries=[Query.model_validate(one) for one in state["queries"]],
            counted=tuple(ColumnStatistics.model_validate(one) for one in state["counted"]),
            files=list(state["files"]),
        ),
        asker,
        intent=Intent.model_validate(state["intent"]),
        chart=state["chart"],
        is_denied=state["is_denied"],
    )
    conversation, decided, is_denied = pausing.resumed(state, call.decisions)
    work.is_denied |= is_denied
    return work, conversation, decided
