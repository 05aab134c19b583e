"""The text of a message: gathered while it is committed, and never written twice."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from runs.context import RunContext
from runs.models import Run, Step
from runs.scope import StepScope
from runs.text import LARGEST, MessageText
from streams import log, rows
from streams.events import ContentDelta
from tests.factories import Noted, advance, make_run, register
from tests.runs.steps_support import Killed, die_and_go_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def deltas(run: Run) -> list[rows.Row]:
    rows = log.read_after(run.stream_id, 0, 100_000)
    return [row for row in rows if row.type == ContentDelta.type]


def text_of(run: Run) -> str:
    return "".join(row.content or "" for row in deltas(run))


def sequences(run: Run) -> list[int]:
    return [json.loads(row.body)["data"]["sequence"] for row in deltas(run)]


def say(kind: str, *tries: Sequence[str], ends: int = 1) -> Run:
    """Run a step that says pieces; all tries but the last `ends` die when they have said theirs."""
    numbers = iter(range(len(tries) + 1))

    async def handler(context: RunContext) -> str:
        number = next(numbers)

        async def work(scope: StepScope) -> int:
            text = MessageText(scope, scope.message_id("text"))
            for piece in tries[min(number, len(tries) - 1)]:
                await text.add(piece)
            await text.flush()
            if number < len(tries) - ends:
                raise Killed
            await scope.emit(Noted(text="end"))
            return text.sequence

        return str(await context.step("only", work))

    return die_and_go_on(make_run(kind=register(kind, handler)))


def test_pieces_that_gather_while_one_is_committed_become_one_chunk():
    run = say("gathers", [f"{number} " for number in range(200)])

    assert text_of(run) == "".join(f"{number} " for number in range(200))
    assert sequences(run) == list(range(1, len(sequences(run)) + 1))
    assert len(sequences(run)) < 200


def test_a_lone_piece_waits_for_nobody():
    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            text = MessageText(scope, scope.message_id("text"))
            for piece in ("a", "b", "c"):
                await text.add(piece)
                await text.flush()
            return text.sequence

        return str(await context.step("only", work))

    run = advance(make_run(kind=register("lone", handler)))

    assert [row.content for row in deltas(run)] == ["a", "b", "c"]


def test_whoever_is_quicker_than_the_disk_waits_for_it():
    sizes = []

    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            text = MessageText(scope, scope.message_id("text"))
            for _ in range(100):
                await text.add("x" * 500)
                sizes.append(text._size)
            return await text.flush()

        return str(await context.step("only", work))

    run = advance(make_run(kind=register("quick", handler)))

    assert text_of(run) == "x" * 50_000
    assert max(sizes) < LARGEST + 500


def test_a_repeated_step_writes_only_what_the_log_lacks_however_it_was_cut():
    """Reliability 1."""
    whole = ["The ", "quick brown ", "fox ", "jumps."]
    run = say("cut-anew", ["The qu", "ick"], ["T", "he quick b", "rown"], whole)

    assert text_of(run) == "The quick brown fox jumps."
    assert sequences(run) == list(range(1, len(sequences(run)) + 1))
    assert Step.objects.get(run=run).restarts == 0


@pytest.mark.parametrize(
    "second", [["The slow"], ["The"], ["The quick", "!"]], ids=["other", "shorter", "longer"]
)
def test_a_repeated_step_that_says_something_else_starts_again(second):
    run = say("says-else", ["The quick"], second, second, ends=2)

    restarted = second != ["The quick", "!"]
    assert Step.objects.get(run=run).restarts == int(restarted)
    assert text_of(run).endswith("".join(second))


def test_other_events_come_after_the_text_that_was_said_before_them():
    run = say("in-order", ["a", "b", "c"])

    types = [row.type for row in log.read_after(run.stream_id, 0, 1000)]
    last_delta = len(types) - 1 - types[::-1].index("content_delta")
    assert types.index("test_noted") > last_delta


def test_text_of_a_worker_that_lost_its_run_is_refused():
    """Reliability 3."""

    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            text = MessageText(scope, scope.message_id("text"))
            await text.add("kept")
            await text.flush()
            lost = Run.objects.filter(pk=context.run.pk)
            await asyncio.to_thread(lost.update, fence=99)
            await text.add("never seen")
            return await text.flush()

        return str(await context.step("only", work))

    run = advance(make_run(kind=register("zombie-text", handler)))

    assert (run.state, text_of(run)) == ("running", "kept")
