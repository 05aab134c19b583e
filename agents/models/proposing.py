"""The `propose` step: a model writes the proposal that the offline planner has counted out."""

import asyncio
from contextlib import closing
from itertools import chain, islice, repeat

from agents.adapters import Call, Put
from agents.base import Delta, Done, Progress
from agents.grounding import evidence, marked
from agents.models import citing
from agents.models.answers import Proposed
from agents.models.asking import Asker
from agents.models.bench import Bench, worked_out
from agents.models.citing import Sources
from agents.models.material import EVIDENCE, Material
from agents.models.prompts import Fence, Prompt, render
from agents.models.usage import told
from agents.offline import steering
from agents.offline.evidence import Evidence
from agents.offline.inline import one_line
from agents.offline.quality import quality
from agents.offline.terms import content_words
from agents.offline.writing import deltas
from agents.plans import FRAMEWORKS, Document, Proposal, ProposeInput

SEARCHED = 40.0  # percent: the offline planner has looked through the documents
MOST_EACH, MOST_SENTENCES, LONGEST_TITLE = 3, 40, 80


async def propose(bench: Bench, call: Call, put: Put) -> None:
    """Propose how the goal would be worked on."""
    ask = ProposeInput.model_validate(call.input)
    base = Proposal.model_validate(await worked_out(bench, call, put, upto=SEARCHED))
    material = Material(Fence(), bench.settings)
    sources = await asyncio.to_thread(_fitting, ask, base, material.room(EVIDENCE), call)
    await put(Progress(percent=SEARCHED, message="Writing the proposal.", agent="planner"))
    asker = Asker(bench.model, bench.client(bench.model, bench.settings), bench.settings)
    prompt = _prompt(ask, base, sources, material)
    answer = await asker.shape(prompt, Proposed)
    given = [ask.goal, *ask.adjustments, base.approach, *sources.lines()]
    given.append(f"{base.max_iterations} {base.checkpoint_interval}")
    approach, _ = marked(answer.approach, evidence(texts=given))
    allowed = {f"[{one.document}#{one.number}]" for one in sources.passages}
    approach, _ = citing.checked(approach, allowed)
    proposal = base.model_copy(
        update={
            "title": one_line(answer.title, LONGEST_TITLE) or base.title,
            "approach": approach,
            "frameworks": _frameworks(answer, base, ask),
            "questions": tuple(filter(None, map(one_line, answer.questions))),
        }
    )
    for delta in deltas(approach):
        assert isinstance(delta, Delta)
        await put(delta)
    await put(Progress(percent=100, message="The proposal is ready.", agent="generator"))
    await put(Done(result=proposal.model_dump(mode="json"), usage=told(asker.usage)))


def _fitting(ask: ProposeInput, base: Proposal, room: int, call: Call) -> Sources:
    """Return the sentences that have most to do with the goal and the wishes, then others."""
    documents: list[Document] = [one for one in ask.documents if one.id in base.sources]
    words = (*content_words(ask.goal), *base.focus)
    with closing(Evidence(documents, call.check)) as index:
        others = (place for place, one in enumerate(index.passages) if quality(one))
        places = dict.fromkeys(chain(index.search(words, MOST_SENTENCES), others))
        passages = [index.passages[place] for place in islice(places, MOST_SENTENCES)]
        return Sources.within(passages, room)


def _prompt(ask: ProposeInput, base: Proposal, sources: Sources, material: Material) -> Prompt:
    suggestion = [
        f"Iteration {number}: {', '.join(names)}"
        for number, names in enumerate(base.frameworks, start=1)
    ]
    return Prompt(
        render(
            "propose",
            fence=material.fence.rule(),
            iterations=str(base.max_iterations),
            frameworks=", ".join(FRAMEWORKS),
        ),
        render(
            "propose_question",
            goal=ask.goal,
            wishes=material.wishes(ask.adjustments),
            suggestion="\n".join(suggestion),
            sentences=material.lines(sources.lines(), "sentences", material.room(EVIDENCE)),
        ),
    )


def _frameworks(answer: Proposed, base: Proposal, ask: ProposeInput) -> tuple[tuple[str, ...], ...]:
    """Return the model's choice for each iteration, or the planner's where it made none."""
    left_out = _left_out(ask)
    mine = chain(answer.frameworks, repeat([]))
    return tuple(
        tuple(dict.fromkeys(name for name in names if name not in left_out))[:MOST_EACH] or planned
        for names, planned in zip(mine, base.frameworks, strict=False)
    )


def _left_out(ask: ProposeInput) -> set[str]:
    left_out: set[str] = set()
    for wish in steering.read(ask.adjustments, ask.documents):
        left_out = (left_out - set(wish.forward)) | set(wish.left_out)
    return left_out
