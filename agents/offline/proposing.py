"""The proposal: which frameworks, in which iteration, with which sources, and why."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.offline import frameworks, proposal_text, steering
from agents.offline.evidence import Evidence
from agents.offline.framework import Framework
from agents.offline.quality import quality
from agents.offline.relevance import Topic
from agents.offline.steering import Wish
from agents.offline.terms import content_words
from agents.offline.titles import title_of
from agents.offline.writing import deltas
from agents.plans import FRAMEWORKS, Document, Proposal, ProposeInput

MOST_ITERATIONS, LONGEST_INTERVAL = 20, 10
CUE_SENTENCES = 60
# A framework with less than this share of the best one's evidence would only list gaps.
LEAST_SHARE = 0.3
FEWEST, MOST_EACH = 5, 3
FITS_GOAL = 1.7


@dataclass(frozen=True)
class Shape:
    """What the adjustments make of the request."""

    iterations: int
    interval: int
    forward: tuple[str, ...]
    left_out: tuple[str, ...]
    documents: tuple[Document, ...]
    focus: tuple[str, ...]
    avoid: tuple[str, ...]
    fitting: tuple[str, ...]  # frameworks that the words of the goal speak for


def propose(call: Call) -> Iterator[AgentEvent]:
    """Read the goal and the documents, and say what would be done."""
    ask = ProposeInput.model_validate(call.input)
    yield Progress(percent=0, message="Reading the goal and the documents.", agent="planner")
    wishes = steering.read(ask.adjustments, ask.documents)
    shape = _shape(ask, wishes)
    with closing(Evidence(shape.documents, call.check)) as evidence:
        message = f"Indexed {len(evidence.passages)} sentences."
        yield Progress(percent=30, message=message, agent="planner")
        topic = Topic(evidence, (*content_words(ask.goal), *shape.focus))
        scores = {}
        for place, name in enumerate(FRAMEWORKS):
            call.check()
            worth = _worth(frameworks.BY_NAME[name], evidence, topic)
            scores[name] = worth * (FITS_GOAL if name in shape.fitting else 1.0)
            percent = round(30 + 5.0 * (place + 1), 2)
            message = f"{name}: {_amount(scores[name])} evidence."
            yield Progress(percent=percent, message=message, agent="verifier")
    planned = distribute(shape, scores)
    view = proposal_text.View(ask, shape.iterations, shape.interval, planned, wishes, topic, scores)
    approach = proposal_text.approach(view, shape.documents)
    yield from deltas(approach)
    proposal = Proposal(
        title=title_of(ask.goal),
        approach=approach,
        frameworks=planned,
        questions=proposal_text.questions(view),
        sources=tuple(document.id for document in shape.documents),
        focus=shape.focus,
        avoid=shape.avoid,
        max_iterations=shape.iterations,
        checkpoint_interval=shape.interval,
    )
    yield Progress(percent=100, message="The proposal is ready.", agent="generator")
    yield Done(result=proposal.model_dump(mode="json"))


def distribute(shape: Shape, scores: dict[str, float]) -> tuple[tuple[str, ...], ...]:
    """Spread the frameworks over the iterations: wanted ones first, then those with evidence."""
    allowed = [name for name in FRAMEWORKS if name not in shape.left_out] or [FRAMEWORKS[0]]
    wanted = [name for name in shape.forward if name in allowed]
    ranked = sorted(allowed, key=lambda name: (-scores[name], FRAMEWORKS.index(name)))
    least = LEAST_SHARE * scores[ranked[0]]
    asked = [name for name in ranked if name in shape.fitting and name not in wanted]
    founded = [name for name in asked if scores[name] >= least]
    spare = [name for name in ranked if name not in founded and name not in wanted]
    spare.sort(key=lambda name: name not in frameworks.GENERAL)
    missing = max(min(FEWEST, shape.iterations + 2) - len(wanted) - len(founded), 0)
    rest = [*founded, *spare[:missing]][: max(MOST_EACH * shape.iterations - len(wanted), 0)]
    return _spread([*wanted, *frameworks.in_plan_order(rest)], ranked, shape.iterations)


def _spread(order: list[str], ranked: list[str], iterations: int) -> tuple[tuple[str, ...], ...]:
    """Deal out the names evenly; with more iterations than names, the best ones come again."""
    each, extra = divmod(len(order), iterations)
    rounds: list[tuple[str, ...]] = []
    for number in range(iterations):
        size = min(each + (number < extra), MOST_EACH)
        rounds.append(tuple(order[:size]))
        order = order[size:]
    again = [tuple(ranked[at : at + 2]) for at in range(0, len(ranked), 2)]
    empty = [number for number, names in enumerate(rounds) if not names]
    for place, number in enumerate(empty):
        rounds[number] = again[place % len(again)]
    return tuple(rounds)


def _shape(ask: ProposeInput, wishes: Sequence[Wish]) -> Shape:
    iterations, interval = ask.max_iterations, ask.checkpoint_interval
    forward: list[str] = []
    left_out: list[str] = []
    for wish in wishes:
        iterations = min(wish.iterations or iterations, MOST_ITERATIONS)
        interval = min(wish.interval or interval, LONGEST_INTERVAL)
        # The newer comment wins: what it wants is no longer left out, and the other way round.
        left_out = [name for name in left_out if name not in wish.forward] + list(wish.left_out)
        forward = [*wish.forward, *(name for name in forward if name not in wish.forward)]
        forward = [name for name in forward if name not in wish.left_out]
    named = [name for name in frameworks.named_in(ask.goal) if name not in (*forward, *left_out)]
    return Shape(
        iterations=max(iterations, 1),
        interval=max(min(interval, iterations), 1),
        forward=tuple(dict.fromkeys((*forward, *named))),
        left_out=tuple(dict.fromkeys(left_out)),
        documents=_documents(ask.documents, wishes),
        focus=tuple(dict.fromkeys(word for wish in wishes for word in wish.words)),
        avoid=tuple(dict.fromkeys(word for wish in wishes for word in wish.avoided)),
        fitting=_fitting(ask.goal),
    )


def _fitting(goal: str) -> tuple[str, ...]:
    """Return the frameworks that the goal speaks for: all of them if it speaks for none."""
    found = [name for name in FRAMEWORKS if frameworks.BY_NAME[name].goal_pattern.search(goal)]
    return tuple(found) or FRAMEWORKS


def _documents(documents: Sequence[Document], wishes: Sequence[Wish]) -> tuple[Document, ...]:
    chosen = list(documents)
    for wish in wishes:
        if wish.only:
            chosen = [document for document in documents if document.id in wish.only]
        chosen = [document for document in chosen if document.id not in wish.ignored]
    return tuple(chosen)


def _worth(framework: Framework, evidence: Evidence, topic: Topic) -> float:
    """Return how much usable evidence there is for the cells of a framework."""
    total = 0.0
    for cell in framework.cells:
        found = evidence.search_cues(cell.phrases, CUE_SENTENCES)
        passages = [evidence.passages[place] for place in found]
        worth = sorted(
            (
                quality(passage) * (0.3 + topic.relevance(passage))
                for passage in passages
                if cell.pattern.search(passage.words)
            ),
            reverse=True,
        )
        # The first few sentences of a cell matter; a hundred more do not make it fuller.
        total += sum(worth[:5])
    return round(total / len(framework.cells), 6)


def _amount(score: float) -> str:
    if not score:
        return "no"
    return "much" if score > 2.5 else "some" if score > 1 else "little"
