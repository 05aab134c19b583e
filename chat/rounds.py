"""One round of an engine in a conversation: a step of the run, and the message it writes."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal
from uuid import UUID

from agents import registry
from agents.base import NO_DECISIONS, ApprovalNeeded, Decision, Done, StepContext
from agents.chats import Reply, WorkflowResult
from agents.plans import Shape
from chat import asking, telling
from chat.events import MessageCompleted, MessageStarted, Progress, Result, StateChanged
from chat.models import ChatSession, Message
from chat.states import State
from chat.telling import ReplyTeller
from runs.agent_steps import drive
from runs.context import RunContext
from runs.scope import StepScope
from streams.events import Event

logger = logging.getLogger(__name__)
BEGUN = 2.0  # percent when the engine starts


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What the result of an engine means for its message."""

    status: str = ""
    whole: dict[str, Any] = field(default_factory=dict)  # as the `result` event tells it
    parts: dict[str, Any] = field(default_factory=dict)  # of the message, beside those told
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Round:
    """What one step came to, as it is recorded: a question to a person, or a result."""

    reply_id: str
    asks: dict[str, Any] | None = None  # ApprovalNeeded as JSON
    result: dict[str, Any] | None = None  # Reply or WorkflowResult as JSON

    def as_json(self) -> dict[str, Any]:
        return {"reply_id": self.reply_id, "asks": self.asks, "result": self.result}

    @property
    def end(self) -> End:
        if self.result is None:
            return End()
        if "intent" not in self.result:
            card = WorkflowResult.recorded(self.result).model_dump(mode="json")
            return End(status="answered", whole=card, parts={"card": card})
        reply = Reply.recorded(self.result)
        return End(
            status=reply.status,
            whole=reply.model_dump(mode="json", exclude={"memory"}),
            parts={
                "status": reply.status,
                "suggestions": list(reply.suggestions),
                "files": list(reply.files),
            },
            memory=reply.memory,
        )


class EngineRound:
    """One step of an engine that answers a user, with the message it writes."""

    def __init__(
        self,
        context: RunContext,
        session: ChatSession,
        kind: Literal["reply", "workflow"],
        given: Shape,
        number: int = 1,
        state: Any = None,
        decisions: Mapping[str, Decision] = NO_DECISIONS,
    ) -> None:
        self.name = f"{kind}-{number}"
        self._kind = kind
        self._context = context
        self._session = session
        self._given = given
        self._number = number
        self._state = state
        self._decisions = decisions
        self._teller: ReplyTeller | None = None
        self._final_sequence = 0

    async def done(self) -> Round:
        """Return what the step came to, now or in an earlier segment."""
        recorded = await self._context.step(
            self.name, self.work, begin=self.begin, finish=self.finish
        )
        return Round(**recorded)

    def begin(self) -> Sequence[Event]:
        if self._number > 1:  # told when the gate was answered
            return ()
        return [StateChanged(new_state=State.THINKING)]

    async def work(self, scope: StepScope) -> dict[str, Any]:
        # Each further round has the half of what is left: progress never falls, whatever comes.
        first = 100 - (100 - BEGUN) / 2 ** (self._number - 1)
        teller = ReplyTeller(
            scope, operation=self._kind, first=first, last=first + (100 - first) / 2
        )
        self._teller = teller
        if self._number == 1:
            message = "Processing your request..."
            begun = Progress(operation=self._kind, step=self._kind, progress=1, message=message)
            await scope.emit(begun)
        await self._start_message(scope, teller)
        teller.approvals = self._approvals()
        engine = registry.engine(self._session.engine)
        ctx = StepContext(
            run_id=str(self._context.run.pk),
            step=self.name,
            input=self._given.model_dump(mode="json"),
            state=self._state,
            results=await self._results(scope),
        )
        ending = await drive(scope, engine, self._kind, ctx, teller.tell, decisions=self._decisions)
        if isinstance(ending, Done) and not teller.has_text:
            await teller.text.add(str(ending.result.get("text", "")))
        self._final_sequence = await teller.text.flush()
        ended = Round(str(teller.reply_id))
        if isinstance(ending, ApprovalNeeded):
            ended.asks = asking.as_json(ending)
        else:
            ended.result = dict(ending.result)
        return ended.as_json()

    async def _results(self, scope: StepScope) -> dict[str, Any]:
        """Return what allowed tools did before this step was cut off: it is not done twice."""
        if not self._decisions or not (scope.is_replay or scope.restarts):
            return {}
        return await self._context.read(
            partial(asking.results, self._context.run, self._decisions.keys())
        )

    def _approvals(self) -> dict[str, str]:
        automatic = self._context.run.arguments.get("auto_approve", ())
        return {
            **dict.fromkeys(automatic, "automatic"),
            **dict.fromkeys(self._decisions, "given"),
        }

    async def _start_message(self, scope: StepScope, teller: ReplyTeller) -> None:
        arguments = self._context.run.arguments
        started = MessageStarted(
            message_id=teller.reply_id, turn=arguments["turn"], branch=arguments["branch"]
        )
        await scope.emit(started, also=partial(self._create_message, teller.reply_id))

    def _create_message(self, reply_id: UUID) -> None:
        mine = Message.objects.filter(run=self._context.run, step=self.name)
        mine.update(status=Message.Status.SUPERSEDED)
        arguments = self._context.run.arguments
        Message.objects.create(
            id=reply_id,
            session=self._session,
            branch_id=arguments["branch"],
            turn=arguments["turn"],
            role=Message.Role.ASSISTANT,
            status=Message.Status.STREAMING,
            run=self._context.run,
            step=self.name,
        )

    def finish(self, result: dict[str, Any], milliseconds: int) -> Sequence[Event]:
        ended = Round(**result)
        teller = self._teller
        assert teller is not None
        status = Message.Status.WAITING if ended.asks else Message.Status.COMPLETE
        end = ended.end
        parts = {**teller.parts, "tools": list(teller.tools.values()), **end.parts}
        Message.objects.filter(pk=teller.reply_id).update(
            status=status, parts=parts, memory=end.memory
        )
        run_id = self._context.run.pk
        logger.info("Reply told run=%s step=%s ms=%s", run_id, self.name, milliseconds)
        events: list[Event] = [
            MessageCompleted(
                message_id=teller.reply_id,
                final_sequence=self._final_sequence,
                status=status,
                suggestions=tuple(end.parts.get("suggestions", ())),
            )
        ]
        if ended.result is not None:
            events.append(self._result(teller.reply_id, end))
        return events

    def _result(self, reply_id: UUID, end: "End") -> Result:
        return Result(
            operation=self._kind,
            status=end.status,
            reply_id=reply_id,
            message_id=telling.part_id(reply_id, "result"),
            content=telling.as_json(end.whole),
        )
