"""The first step of a strategy: what the documents say about the goal, and what they do not."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from agents.adapters import Call
from agents.base import AgentEvent, Done, Metric, Progress
from agents.offline import figures
from agents.offline.evidence import Evidence, Passage
from agents.offline.executor import shortened
from agents.offline.inline import plain
from agents.offline.ledger import Ledger
from agents.offline.quality import quality
from agents.offline.relevance import Topic
from agents.offline.terms import content_words
from agents.offline.writing import count
from agents.plans import DataPoint, Finding, Gap
from agents.strategies import StrategyInput, StrategyStepResult

NAME = "Context"
KEY_SENTENCES, FROM_ONE_DOCUMENT = 8, 4
CANDIDATES = 300
LEAST_RELEVANCE = 0.25
FIGURES = 12
OPEN_WORDS = 6


def read(ask: StrategyInput, call: Call) -> Iterator[AgentEvent]:
    """Find the sentences that speak of the goal most, their figures, and the goal's open words."""
    yield Progress(percent=0, message="Reading the documents.", agent="planner")
    with closing(Evidence(ask.documents, call.check)) as evidence:
        message = _indexed(len(ask.documents), len(evidence.passages))
        yield Progress(percent=40, message=message, agent="planner")
        topic = Topic(evidence, content_words(ask.goal))
        call.check()
        passages = _key_passages(evidence, topic)
        message = f"{count(len(passages), 'sentence')} about the goal itself."
        yield Progress(percent=70, message=message, agent="verifier")
        points = _points(passages)
        for name, found in (("citations", passages), ("data_points", points)):
            yield Metric(name=name, value=len(found))
        gaps = _gaps(ask, topic)
        result = StrategyStepResult(
            step=ask.step,
            achievement=f"{message} {_rest(passages, points, topic)}",
            findings=tuple(_finding(passage) for passage in passages),
            data_points=tuple(points),
            gaps=tuple(gaps),
        )
    yield Progress(percent=100, message=result.achievement, agent="generator")
    usage = {"sentences": len(evidence.passages)}
    yield Done(result=result.model_dump(mode="json"), usage=usage)


def _indexed(documents: int, sentences: int) -> str:
    if not documents:
        return "There are no documents to read, so the strategy will be a list of questions."
    return f"Read {count(sentences, 'sentence')} of {count(documents, 'document')}."


def _key_passages(evidence: Evidence, topic: Topic) -> list[Passage]:
    """Return the sentences about the goal that can stand alone, from more than one document."""
    scored = [
        (quality(passage) * topic.relevance(passage), passage)
        for place in topic.hits(CANDIDATES)
        for passage in (evidence.passages[place],)
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1].index))
    ledger, chosen = Ledger(()), list[Passage]()
    for score, passage in best:
        taken = sum(one.document == passage.document for one in chosen)
        if score < LEAST_RELEVANCE or len(chosen) == KEY_SENTENCES:
            break
        if taken < FROM_ONE_DOCUMENT and ledger.is_new(passage):
            ledger.use(_finding(passage))
            chosen.append(passage)
    return sorted(chosen, key=lambda passage: passage.index)


def _finding(passage: Passage) -> Finding:
    return Finding(
        framework=NAME,
        cell="What the documents say",
        text=shortened(plain(passage.text)),
        citations=(passage.citation(),),
    )


def _points(passages: Sequence[Passage]) -> list[DataPoint]:
    found = [
        point
        for passage in passages
        for point in figures.data_points(
            passage.text, passage.citation(), is_row=passage.kind == "row"
        )
    ]
    return Ledger(()).take(found)[:FIGURES]


def _gaps(ask: StrategyInput, topic: Topic) -> list[Gap]:
    if not ask.documents:
        task = "Attach documents about the goal; there was nothing to read."
        return [Gap(framework=NAME, cell="Documents", task=task)]
    if not topic.missing:
        return []
    words = ", ".join(topic.missing[:OPEN_WORDS])
    task = f"Find out what is known about these words of the goal, which no document has: {words}."
    return [Gap(framework=NAME, cell="Words of the goal", task=task)]


def _rest(passages: Sequence[Passage], points: Sequence[DataPoint], topic: Topic) -> str:
    documents = len({passage.document for passage in passages})
    told = f"From {count(documents, 'document')}, with {count(len(points), 'figure')}."
    open_ = len(topic.missing)
    return f"{told} {count(open_, 'word')} of the goal in no document." if open_ else told
