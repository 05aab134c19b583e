"""What every engine promises, as checks: for the engines here and for engines of others.

    class TestMyEngine(EngineContract):
        def make_engine(self) -> Engine:
            return MyEngine()

The tests run under pytest without any plugin. The single checks can be used alone.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.base import (
    AgentEvent,
    ApprovalNeeded,
    Delta,
    Done,
    Engine,
    Part,
    Progress,
    StepContext,
    StepKind,
)
from agents.chats import Query, Reply, WorkflowResult
from agents.contract_inputs import DOCUMENT, GOAL, Never, chat_inputs, planning_inputs
from agents.data.querying import Database
from agents.data_model import DataModel
from agents.exceptions import Cancelled
from agents.plans import (
    CheckpointSummary,
    FinalPlan,
    IterationResult,
    Proposal,
    Shape,
)
from agents.sentences import split
from agents.strategies import StrategyStepResult

__all__ = [
    "DOCUMENT",
    "GOAL",
    "EngineContract",
    "Flag",
    "Recording",
    "chat_inputs",
    "check_citations",
    "check_deltas",
    "check_one_ending",
    "check_parts",
    "check_percent",
    "check_query",
    "check_result",
    "planning_inputs",
    "record",
]
RESULTS: dict[str, type[Shape]] = {
    "propose": Proposal,
    "iterate": IterationResult,
    "summarise": CheckpointSummary,
    "finalise": FinalPlan,
    "strategy": StrategyStepResult,
    "initialise": DataModel,
    "reply": Reply,
    "workflow": WorkflowResult,
}
# Where the text of a result is, which the deltas of its step make up.
TEXTS = {"propose": "approach", "summarise": "summary", "finalise": "markdown", "reply": "text"}
TEXT_IS_TOLD = ("summarise", "finalise", "reply")
CANCEL_SECONDS = 1.0


@dataclass
class Flag:
    """A cancel flag that is set by hand."""

    on: bool = False

    def is_set(self) -> bool:
        return self.on


@dataclass
class Recording:
    """What a step gave."""

    events: list[AgentEvent] = field(default_factory=list)

    @property
    def ending(self) -> AgentEvent:
        return self.events[-1]

    @property
    def result(self) -> Mapping[str, Any]:
        assert isinstance(self.ending, Done), f"The step ended with {self.ending}."
        return self.ending.result


async def record(
    engine: Engine, kind: StepKind, given: Mapping[str, Any], *, flag: Flag | None = None
) -> Recording:
    """Run a step to its end and return its events."""
    context = StepContext(run_id="contract", step=kind, input=given)
    recording = Recording()
    async for event in engine.step(kind, context, flag or Flag()):
        recording.events.append(event)
    return recording


def check_one_ending(events: Sequence[AgentEvent]) -> None:
    """The last event, and no other, is Done or ApprovalNeeded."""
    endings = [place for place, event in enumerate(events) if _is_ending(event)]
    assert endings == [len(events) - 1], f"Endings at {endings} of {len(events)} events."


def check_percent(events: Iterable[AgentEvent]) -> None:
    """Percentages are between 0 and 100 and never fall."""
    percents = [event.percent for event in events if isinstance(event, Progress)]
    assert all(0 <= percent <= 100 for percent in percents), percents
    assert percents == sorted(percents), percents


def check_result(kind: str, result: Mapping[str, Any]) -> None:
    """The result survives JSON and is valid for the class of its kind."""
    restored = json.loads(json.dumps(result, allow_nan=False))
    assert restored == result
    if kind in RESULTS:
        RESULTS[kind].model_validate_json(json.dumps(result))


def check_deltas(kind: str, recording: Recording) -> None:
    """The deltas, joined, are the text of the result."""
    text = "".join(event.text for event in recording.events if isinstance(event, Delta))
    if kind in TEXTS and text:
        assert text == recording.result[TEXTS[kind]]
    assert text or kind not in TEXT_IS_TOLD, f"{kind} gave no text."


def check_parts(recording: Recording) -> None:
    """Parts of a reply come once, before its text, and are those of its result.

    An agent that only talks has none.
    """
    parts = [event for event in recording.events if isinstance(event, Part)]
    names = [part.name for part in parts if part.name != "reference"]
    assert names[:1] in ([], ["intent"]), f"A reply began with {names[0]}, not with its intent."
    assert names or recording.result["query"] is None, "A query was executed and not told."
    assert len(names) == len(set(names)), f"Parts were told twice: {names}."
    spoken = [place for place, event in enumerate(recording.events) if isinstance(event, Delta)]
    told = [place for place, event in enumerate(recording.events) if isinstance(event, Part)]
    assert not spoken or max(told, default=-1) < spoken[0], "A part came after the text."
    for part in parts:
        if part.name != "reference":
            assert recording.result[part.name] == part.data, part.name


def check_query(result: Mapping[str, Any], folder: str) -> None:
    """The query of a reply gives the very result that the reply tells."""
    if result["query"] is None:
        return
    query = Query.model_validate(result["query"])
    with Database.open(folder, Never()) as database:
        again = database.select(query.sql, query.values, most_rows=len(query.result.rows) or 1)
    assert again == query.result


def check_citations(result: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> None:
    """Citations of given documents quote the very sentence that they number."""

    texts = {document["id"]: split(document["text"]) for document in documents}
    cited = [one for finding in result["findings"] for one in finding["citations"]]
    cited += [point["citation"] for point in result["data_points"]]
    for citation in cited:
        if citation["document"] in texts:
            sentence = texts[citation["document"]][citation["sentence"] - 1]
            assert sentence.text == citation["quote"]


class EngineContract:
    """Tests over an engine; override `make_engine`, and what else is different about it."""

    executes = True  # its replies rest on queries over the data set that they are given
    kinds: frozenset[str] | None = None  # of step, if not all that it can do are tested

    def make_engine(self) -> Engine:
        raise NotImplementedError

    def documents(self) -> list[dict[str, Any]]:
        return [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]

    def inputs(self) -> Mapping[StepKind, Mapping[str, Any]]:
        """Return an input for each kind of step that the engine can do."""
        able = self.kinds or self.make_engine().capabilities
        given = {**planning_inputs(self.documents()), **chat_inputs()}
        return {kind: value for kind, value in given.items() if kind in able}

    def test_each_step_ends_exactly_once(self) -> None:
        for recording in self._recordings().values():
            check_one_ending(recording.events)

    def test_percentages_never_fall(self) -> None:
        for recording in self._recordings().values():
            check_percent(recording.events)

    def test_results_are_valid_json_of_their_class(self) -> None:
        for kind, recording in self._recordings().items():
            check_result(kind, recording.result)

    def test_deltas_join_to_the_text_of_the_result(self) -> None:
        for kind, recording in self._recordings().items():
            check_deltas(kind, recording)

    def test_citations_quote_the_sentence_they_number(self) -> None:
        for kind in sorted({"iterate", "strategy"} & self.inputs().keys()):
            recording = self._recordings()[kind]
            check_citations(recording.result, self.documents())

    def test_a_reply_tells_its_parts_in_order(self) -> None:
        given = self.inputs().get("reply")
        if given is not None:
            recording = asyncio.run(record(self.make_engine(), "reply", given))
            check_parts(recording)
            if self.executes:
                check_query(recording.result, given["folder"])

    def test_the_same_input_gives_the_same_events_if_the_engine_says_so(self) -> None:
        if "deterministic" in self.make_engine().capabilities:
            assert self._unmeasured() == self._unmeasured()

    def test_a_step_that_is_cancelled_before_it_starts_gives_no_result(self) -> None:
        for kind, given in self.inputs().items():
            seconds = _seconds_to_cancel(self.make_engine(), kind, given, after=0)
            assert seconds < CANCEL_SECONDS

    def test_a_step_that_is_cancelled_on_its_way_ends_within_a_second(self) -> None:
        for kind, given in self.inputs().items():
            seconds = _seconds_to_cancel(self.make_engine(), kind, given, after=1)
            assert seconds < CANCEL_SECONDS

    def _unmeasured(self) -> dict[str, list[AgentEvent]]:
        """Return all events of all steps, without how long they took."""
        return {
            kind: [
                replace(event, milliseconds=0) if isinstance(event, Part) else event
                for event in recording.events
            ]
            for kind, recording in self._recordings().items()
        }

    def _recordings(self) -> dict[str, Recording]:
        engine = self.make_engine()
        return {
            kind: asyncio.run(record(engine, kind, self.inputs()[kind])) for kind in self.inputs()
        }


def _is_ending(event: AgentEvent) -> bool:
    return isinstance(event, Done | ApprovalNeeded)


def _seconds_to_cancel(
    engine: Engine, kind: StepKind, given: Mapping[str, Any], *, after: int
) -> float:
    """Set the flag after so many events; return how long the step took to raise Cancelled."""
    return asyncio.run(_cancelled(engine, kind, given, after))


async def _cancelled(engine: Engine, kind: StepKind, given: Mapping[str, Any], after: int) -> float:
    flag = Flag(on=after == 0)
    set_at = time.monotonic()
    seen = 0
    context = StepContext(run_id="contract", step=kind, input=given)
    try:
        async for event in engine.step(kind, context, flag):
            seen += 1
            if _is_ending(event):
                assert seen <= after, f"{kind} went on to its end after it was cancelled."
                return 0.0  # it was at its end before there was anything to cancel
            if seen == after:
                flag.on, set_at = True, time.monotonic()
    except Cancelled:
        return time.monotonic() - set_at
    raise AssertionError(f"{kind} stopped without raising Cancelled.")
