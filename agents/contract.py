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
from dataclasses import dataclass, field
from typing import Any

from agents.base import (
    AgentEvent,
    ApprovalNeeded,
    Delta,
    Done,
    Engine,
    Progress,
    StepContext,
    StepKind,
)
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

RESULTS: dict[str, type[Shape]] = {
    "propose": Proposal,
    "iterate": IterationResult,
    "summarise": CheckpointSummary,
    "finalise": FinalPlan,
    "strategy": StrategyStepResult,
}
# Where the text of a result is, which the deltas of its step make up.
TEXTS = {"propose": "approach", "summarise": "summary", "finalise": "markdown"}
CANCEL_SECONDS = 1.0
GOAL = "Decide whether to open a second bakery by June 2027 with a budget of EUR 90,000"
DOCUMENT = """# The bakery today

Revenue grew by 12% to EUR 480,000 in 2025. Customers praise the reliable quality of the bread.
Rent costs EUR 2,400 per month, and staff costs are EUR 190,000 a year.

## Risks of a second bakery

There is a risk that two trained bakers cannot be found within 6 months. A competitor opened a
bakery in the same street in March 2026. We depend on one supplier for flour.
"""


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
    assert text or kind not in ("summarise", "finalise"), f"{kind} gave no text."


def check_citations(result: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> None:
    """Citations of given documents quote the very sentence that they number."""

    texts = {document["id"]: split(document["text"]) for document in documents}
    cited = [one for finding in result["findings"] for one in finding["citations"]]
    cited += [point["citation"] for point in result["data_points"]]
    for citation in cited:
        if citation["document"] in texts:
            sentence = texts[citation["document"]][citation["sentence"] - 1]
            assert sentence.text == citation["quote"]


def planning_inputs(documents: Sequence[Mapping[str, Any]] = ()) -> dict[StepKind, dict[str, Any]]:
    """Return an input for each planning step, as the steps before it would leave it."""
    proposal = Proposal(
        title="Open a second bakery",
        approach="Look at strengths, then at risks.",
        frameworks=(("SWOT",), ("Risk assessment",)),
        max_iterations=2,
        checkpoint_interval=1,
    ).model_dump(mode="json")
    earlier: list[dict[str, Any]] = []
    common = {"goal": GOAL, "proposal": proposal, "comments": ["More about costs, please."]}
    return {
        "propose": {
            "goal": GOAL,
            "max_iterations": 2,
            "checkpoint_interval": 1,
            "documents": list(documents),
        },
        "iterate": {
            **common,
            "number": 1,
            "max_iterations": 2,
            "documents": list(documents),
            "earlier": earlier,
        },
        "summarise": {
            **common,
            "checkpoint": 1,
            "iteration": 1,
            "max_iterations": 2,
            "results": earlier,
        },
        "finalise": {**common, "results": earlier, "checkpoints": 1},
        "strategy": {"goal": GOAL, "step": "foundation", "documents": list(documents)},
    }


class EngineContract:
    """Tests over an engine; override `make_engine`, and `inputs` for kinds beyond planning."""

    def make_engine(self) -> Engine:
        raise NotImplementedError

    def documents(self) -> list[dict[str, Any]]:
        return [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]

    def inputs(self) -> Mapping[StepKind, Mapping[str, Any]]:
        """Return an input for each kind of step that the engine can do."""
        able = self.make_engine().capabilities
        given = planning_inputs(self.documents())
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

    def test_the_same_input_gives_the_same_events_if_the_engine_says_so(self) -> None:
        if "deterministic" in self.make_engine().capabilities:
            assert self._recordings() == self._recordings()

    def test_a_step_that_is_cancelled_before_it_starts_gives_no_result(self) -> None:
        for kind, given in self.inputs().items():
            seconds = _seconds_to_cancel(self.make_engine(), kind, given, after=0)
            assert seconds < CANCEL_SECONDS

    def test_a_step_that_is_cancelled_on_its_way_ends_within_a_second(self) -> None:
        for kind, given in self.inputs().items():
            seconds = _seconds_to_cancel(self.make_engine(), kind, given, after=1)
            assert seconds < CANCEL_SECONDS

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
            if seen == after:
                flag.on, set_at = True, time.monotonic()
            assert not _is_ending(event), f"{kind} went on to its end after it was cancelled."
    except Cancelled:
        return time.monotonic() - set_at
    raise AssertionError(f"{kind} stopped without raising Cancelled.")
