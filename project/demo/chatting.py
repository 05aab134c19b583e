"""A chat about demonstration data: profiled, a few questions answered, a file to be allowed."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from chat import actions, posting
from chat.actions import Wish
from chat.models import ChatSession
from runs import inline
from runs.models import Run

KEY = "demo-chat"
TITLE = "Penguins of the Palmer Archipelago"
QUESTIONS = (
    "How many penguins are there by species?",
    "What is the average body mass by island?",
    "And by sex?",
    "Save the result as body-mass.csv",
)
LONGEST = 20  # segments of all its runs; more would mean that they do not get on


def is_there(people: QuerySet[User]) -> bool:
    """Whether its last question was worked on."""
    last = Run.objects.filter(created_by__in=people, idempotency_key=_key(len(QUESTIONS)))
    return last.exclude(state__in=(Run.State.QUEUED, Run.State.RUNNING)).exists()


def seed(owner: User, *, deadline_seconds: int) -> None:
    """Create what is missing of the chat, by the engine that answers everybody else."""
    wish = Wish(title=TITLE, demo="penguins", mode="act", deadline_seconds=deadline_seconds)
    session = actions.start_session(wish, by=owner, idempotency_key=KEY)
    _work(session)
    for number, question in enumerate(QUESTIONS, start=1):
        posting.post_message(session, question, by=owner, idempotency_key=_key(number))
        _work(session)


def _key(number: int) -> str:
    return f"{KEY}-{number}"


def _work(session: ChatSession) -> None:
    """Advance the session's runs until one waits, or all have ended or are another process's."""
    for _ in range(LONGEST):
        run = Run.objects.claimable().filter(stream=session.stream_id).first()
        if run is None:
            return
        inline.advance(run.pk)
