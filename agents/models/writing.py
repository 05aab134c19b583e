"""The `summarise` and `finalise` steps: a model writes, what it rests on is checked.

Counts, gaps and sources are put in by the offline planner's count. The text is told when it has
been checked, so that its marks stand where they belong.
"""

from collections.abc import Sequence

from agents.adapters import Call, Put
from agents.base import Delta, Done, Progress
from agents.exceptions import Permanent
from agents.grounding import Evidence, evidence, marked
from agents.models import citing, known
from agents.models.asking import Asker
from agents.models.bench import Bench, worked_out
from agents.models.material import Material
from agents.models.prompts import Fence, Prompt, render
from agents.models.usage import told
from agents.offline.inline import escape
from agents.offline.ledger import open_gaps
from agents.offline.writing import count, deltas, gap_lines
from agents.plans import (
    CheckpointSummary,
    FinaliseInput,
    FinalPlan,
    IterationResult,
    SummariseInput,
)

COUNTED, WRITTEN = 20.0, 95.0
EXPECTED = 4000  # characters: how far the text is said to be is a guess by its length
STEP = 400  # characters between two signs of progress


async def summarise(bench: Bench, call: Call, put: Put) -> None:
    """Write the summary at a checkpoint."""
    ask = SummariseInput.model_validate(call.input)
    base = CheckpointSummary.model_validate(await worked_out(bench, call, put, upto=COUNTED))
    material = Material(Fence(), bench.settings)
    prompt = Prompt(
        render("summarise", fence=material.fence.rule()),
        render(
            "summarise_question",
            goal=ask.goal,
            checkpoint=str(ask.checkpoint),
            iteration=str(ask.iteration),
            iterations=str(ask.max_iterations),
            wishes=material.wishes(ask.comments),
            next=base.next,
            results=material.results(ask.results),
        ),
    )
    counts = [ask.checkpoint, ask.iteration, ask.max_iterations, *base.deltas.values()]
    given = known.of_results(ask.results, [ask.goal, *ask.comments, base.next])
    given += evidence(values=counts)
    asker = _asker(bench)
    text, lies = await _written(prompt, asker, put, given, ask.results)
    text += _signed(bench.model)
    summary = base.model_copy(update={"summary": text, "unverified": lies})
    await _tell(text, put)
    await put(Done(result=summary.model_dump(mode="json"), usage=told(asker.usage)))


async def finalise(bench: Bench, call: Call, put: Put) -> None:
    """Write the final plan."""
    ask = FinaliseInput.model_validate(call.input)
    base = FinalPlan.model_validate(await worked_out(bench, call, put, upto=COUNTED))
    material = Material(Fence(), bench.settings)
    prompt = Prompt(
        render("finalise", fence=material.fence.rule(), title=base.title),
        render(
            "finalise_question",
            goal=ask.goal,
            wishes=material.wishes(ask.comments),
            results=material.results(ask.results),
        ),
    )
    given = known.of_results(ask.results, [ask.goal, *ask.comments])
    given += evidence(values=[base.iterations, base.checkpoints, base.data_points])
    asker = _asker(bench)
    text, lies = await _written(prompt, asker, put, given, ask.results)
    lines = ["", *_gaps(ask.results), *_sources(ask), ""]
    text += "\n".join(lines) + _signed(bench.model)
    plan = base.model_copy(update={"markdown": text, "unverified": lies})
    await _tell(text, put)
    await put(Done(result=plan.model_dump(mode="json"), usage=told(asker.usage)))


def _asker(bench: Bench) -> Asker:
    return Asker(bench.model, bench.client(bench.model, bench.settings), bench.settings)


async def _written(
    prompt: Prompt,
    asker: Asker,
    put: Put,
    given: Evidence,
    results: Sequence[IterationResult],
) -> tuple[str, tuple[str, ...]]:
    """Return what the model wrote with its marks, and what is marked."""
    length = told_at = 0

    async def heard(piece: str) -> None:
        nonlocal length, told_at
        length += len(piece)
        if length - told_at >= STEP:
            told_at = length
            percent = COUNTED + (WRITTEN - COUNTED) * min(1.0, length / EXPECTED)
            message = f"{length:,} characters are written."
            await put(Progress(percent=round(percent, 2), message=message, agent="generator"))

    text = await asker.text(prompt, heard)
    if not text.strip():
        raise Permanent(f"{asker.name} wrote nothing.", code="bad_output")
    text, unknown = citing.checked(text.strip() + "\n", citing.cited_in(results))
    text, lies = marked(text, given)
    return text, (*lies, *unknown)


async def _tell(text: str, put: Put) -> None:
    for delta in deltas(text):
        assert isinstance(delta, Delta)
        await put(delta)
    await put(Progress(percent=100, message="The text is ready.", agent="generator"))


def _gaps(results: Sequence[IterationResult]) -> list[str]:
    lines = gap_lines(open_gaps(results))
    return ["## Gaps that are left", "", *lines, ""] if lines else []


def _sources(ask: FinaliseInput) -> list[str]:
    cited: dict[str, int] = {}
    for finding in (finding for result in ask.results for finding in result.findings):
        for citation in finding.citations:
            cited[citation.document] = cited.get(citation.document, 0) + 1
    lines = [
        f"- {escape(ask.titles.get(id, id), 200)} (`{id}`): {count(number, 'citation')}"
        for id, number in cited.items()
    ]
    return ["## Sources", "", *(lines or ["There were no sources."])]


def _signed(model: str) -> str:
    return (
        f"\n*Written by the language model {model} from cited findings; what is marked "
        "\\[unverified\\] stands in none of them.*\n"
    )
