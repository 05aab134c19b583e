"""One question of the data: understood, executed, explained; and files saved on request."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from agents.adapters import Call
from agents.base import AgentEvent, Part
from agents.chats import Insight, Intent, Query, Quoted, ReplyInput, Summary
from agents.data.querying import Database
from agents.offline.answering import calling, charts, clarifying, following, quoting, telling
from agents.offline.answering.answers import Answering, markdown, winner
from agents.offline.answering.calling import Called
from agents.offline.answering.clarifying import Chosen
from agents.offline.answering.confidence import LEAST_CONFIDENCE
from agents.offline.answering.intents import intent_of, reasoning_of
from agents.offline.answering.logic import Logical
from agents.offline.answering.reading import Doubt
from agents.offline.answering.saving import SaveRequest
from agents.offline.answering.schema import Schema
from agents.offline.answering.telling import Clock, finished, generating, intent_part
from agents.offline.answering.understanding import Understanding, understand
from agents.offline.answering.wording import Wording
from agents.offline.answering.writing import sql_block
from agents.offline.inline import escape


@dataclass
class Asking:
    ask: ReplyInput
    call: Call
    schema: Schema
    database: Database
    chosen: Chosen
    clock: Clock = field(default_factory=Clock)

    def answer(
        self, question: str, saves: Sequence[SaveRequest], quoted: Sequence[Quoted]
    ) -> Iterator[AgentEvent]:
        """Answer a question, ask back about it, or decline it."""
        if self.ask.history and following.explains(question):
            yield from self._explain()
            return
        found = self._understood(question)
        if not found.is_sure and quoted:
            yield from self.quote(quoted, question)
            return
        intent = self._intent(found)
        yield intent_part(intent, self.clock.lap())
        yield generating()
        if not found.is_sure:
            yield from telling.declined(self.ask, question, intent, found.reasons)
            return
        doubt = self._doubt(found)
        if doubt is not None:
            yield clarifying.question(doubt, self.chosen.choices)
            return
        yield from self._answered(found, intent, saves)

    def _understood(self, question: str) -> Understanding:
        """Read the question by itself, or as one that builds on the one before."""
        before = following.last_query(self.ask.history)
        choices = self.chosen.choices
        if before is not None and following.may_follow(question):
            found = following.follow(question, before, self.schema, self.database, choices)
            if found is not None and found.is_sure:
                return found
        alone = understand(question, self.schema, self.database, choices)
        if alone.is_sure or before is None:
            return alone
        found = following.follow(question, before, self.schema, self.database, choices)
        return found if found is not None and found.is_sure else alone

    def _intent(self, found: Understanding) -> Intent:
        if not found.known and not found.is_sure:
            why = "None of its words is a name or value of the data."
            return intent_of("UNRELATED", 0.9, why)
        query = found.query
        plot = charts.hint(self.schema, query) if query and found.is_sure else intent_of(
            "PARTICULAR", 0, ""
        ).plot  # fmt: skip
        return intent_of("PARTICULAR", found.confidence, reasoning_of(found.reasons), plot)

    def _doubt(self, found: Understanding) -> Doubt | None:
        """Return what has to be asked back: readings that are equally likely and differ."""
        if found.doubts:
            return found.doubts[0]
        if not found.rivals or found.query is None:
            return None
        rival = found.rivals[0]
        measure = found.query.measures[0].model_copy(update={"aggregate": rival.aggregate})
        other = found.query.model_copy(update={"measures": (measure, *found.query.measures[1:])})
        groups = len(found.query.groups)
        results = [
            winner(Answering(self.schema, self.database, query).executed().result, groups)
            for query in (found.query, other)
        ]
        return rival.doubt if results[0] != results[1] else None

    def _answered(
        self, found: Understanding, intent: Intent, saves: Sequence[SaveRequest]
    ) -> Iterator[AgentEvent]:
        assert found.query is not None
        answering = Answering(
            self.schema, self.database, found.query, found.notes, found.asks_whether
        )
        query = answering.executed()
        if found.is_partial and _is_empty(query):
            reasons = [*found.notes, "no row fits that"]
            yield from telling.declined(self.ask, self.ask.question, intent, reasons)
            return
        if saves and not calling.why_not(self.ask) and calling.needs_approval(self.ask):
            calls = calling.calls_of(saves)
            if not calling.are_decided(self.call, calls):
                state = {"kind": "tools", "choices": dict(self.chosen.choices)}
                yield calling.approval(calls, state)
                return
        yield self._part("query", query)
        told = answering.told(query.result)
        yield self._part("insight", told)
        summary = answering.summary(query.result)
        yield self._part("summary", summary)
        memory = {"query": found.query.model_dump(mode="json"), "values": list(query.values)}
        called = Called()
        if saves:
            called = yield from self._called(saves, query)
        text = markdown(query, told)
        if called.lines:
            text = "\n\n".join([*called.lines, text])
        yield from finished(
            text, intent, query=query, insight=told, summary=summary, memory=memory,
            files=tuple(called.files),
            status="denied" if called.denied and not called.files else "answered",
        )  # fmt: skip

    def _called(
        self, saves: Sequence[SaveRequest], query: Query | None
    ) -> Generator[AgentEvent, None, Called]:
        reason = calling.why_not(self.ask)
        if reason:
            return Called(lines=[reason])
        calls = calling.calls_of(saves)
        return (yield from calling.run(self.ask, self.call, calls, query))

    def _part(self, name: str, part: Query | Insight | Summary | Quoted) -> Part:
        return Part(name=name, data=part.model_dump(mode="json"), milliseconds=self.clock.lap())

    def save(self, saves: Sequence[SaveRequest]) -> Iterator[AgentEvent]:
        """Save what the conversation came to."""
        intent = intent_of("PARTICULAR", 0.95, "It asks to save what the conversation came to.")
        yield intent_part(intent, self.clock.lap())
        yield generating()
        calls = calling.calls_of(saves)
        reason = calling.why_not(self.ask)
        if reason:
            yield from finished(f"{reason}\n", intent, status="declined")
            return
        if calling.needs_approval(self.ask) and not calling.are_decided(self.call, calls):
            yield calling.approval(calls, {"kind": "tools", "choices": {}})
            return
        called = yield from calling.run(self.ask, self.call, calls, None)
        status: telling.Status = "answered"
        if not called.files:
            status = "denied" if called.denied else "declined"
        yield from finished(
            "\n\n".join(called.lines) + "\n", intent, status=status, files=tuple(called.files),
            memory=self.ask.history[-1].memory if self.ask.history else {},
        )  # fmt: skip

    def quote(self, quoted: Sequence[Quoted], question: str) -> Iterator[AgentEvent]:
        """Answer from the texts that the message refers to."""
        found = quoting.quotations(question, quoted, self.call.check)
        if not found:
            intent = intent_of("UNRELATED", 0.8, "The texts referred to say nothing about it.")
            yield intent_part(intent, self.clock.lap())
            yield generating()
            reason = "The texts referred to have no sentence about it."
            yield from telling.declined(self.ask, question, intent, [reason])
            return
        why = "It asks about a text that it refers to, and sentences there fit."
        intent = intent_of("PARTICULAR", LEAST_CONFIDENCE, why)
        yield intent_part(intent, self.clock.lap())
        yield generating()
        for one in dict.fromkeys(entry[0].reference for entry in found):
            source = next(entry[0] for entry in found if entry[0].reference == one)
            yield self._part("reference", source)
        yield from finished(quoting.answer(found), intent)

    def _explain(self) -> Iterator[AgentEvent]:
        """Say how the last answer came about."""
        turn = self.ask.history[-1]
        query = following.last_query(self.ask.history)
        intent = intent_of("PARTICULAR", 0.9, "It asks how the last answer came about.")
        yield intent_part(intent, self.clock.lap())
        yield generating()
        if query is None:
            text = "There is no executed query before this that could be explained.\n"
            yield from finished(text, intent, status="declined")
            return
        yield from finished(self._explanation(query, turn.question), intent, memory=turn.memory)

    def _explanation(self, query: Logical, question: str) -> str:
        answering = Answering(self.schema, self.database, query)
        executed = answering.executed()
        wording = Wording(self.schema, query)
        lines = [f'"{escape(question, 300)}" was read as: {wording.sentence()}.', ""]
        if query.where:
            lines += [f"Only rows were used where {wording.conditions()}.", ""]
        lines += [*sql_block(executed), "", f"It gave {executed.result.row_count:,} rows.", ""]
        lines += ["The data says what is, not why: it holds no causes.", ""]
        return "\n".join(lines)


def _is_empty(query: Query) -> bool:
    """Whether nothing was found: no rows, or only zeros and nothing."""
    return all(not cell for row in query.result.rows for cell in row)
