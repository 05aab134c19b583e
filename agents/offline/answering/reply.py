"""The `reply` step: intent, executed SQL, insight, summary, and the answer in words.

It stops to ask where two readings are about equally likely, or before a file is written; what it
must remember until then is in the state of the question.
"""

from collections.abc import Iterator

from agents.adapters import Call
from agents.base import AgentEvent, Progress
from agents.chats import ReplyInput
from agents.data.querying import Database
from agents.offline.answering import clarifying, saving, telling
from agents.offline.answering.asking import Asking
from agents.offline.answering.clarifying import Chosen
from agents.offline.answering.intents import overview_of, small_talk
from agents.offline.answering.quoting import is_about_text, texts, without_references
from agents.offline.answering.schema import Schema
from agents.offline.answering.words import clean


def reply(call: Call) -> Iterator[AgentEvent]:
    """Answer one message, ask about it, or say why not."""
    ask = ReplyInput.model_validate(call.input)
    yield Progress(percent=0, message="Reading your question", agent="intent")
    question = clean(without_references(ask.question))
    talk = small_talk(question) if not ask.references else None
    if talk is not None:
        yield from telling.small_talk(ask, *talk)
        return
    tables = overview_of(question, ask.model)
    if tables is not None and not ask.references:
        yield from telling.overview(ask, tables)
        return
    yield from _of_data(ask, call, question)


def _of_data(ask: ReplyInput, call: Call, question: str) -> Iterator[AgentEvent]:
    chosen = clarifying.chosen(call)
    if chosen.is_rejected:
        yield from telling.rejected(ask, chosen)
        return
    request = saving.split(question)
    with Database.open(ask.folder, call.cancel) as database:
        asking = Asking(ask, call, Schema(ask.model), database, chosen)
        yield from _chosen_way(asking, request, chosen)


def _chosen_way(asking: Asking, request: saving.Split, chosen: Chosen) -> Iterator[AgentEvent]:
    ask = asking.ask
    quoted = texts(ask.references)
    if request.saves and not request.question:
        yield from asking.save(request.saves)
    elif quoted and is_about_text(ask.question):
        yield from asking.quote(quoted, request.question)
    else:
        yield from asking.answer(request.question, request.saves, quoted)
