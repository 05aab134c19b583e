"""A worker that dies at any write of a session: another finishes, and the log says it once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat import posting
from chat.models import ChatSession, Message
from runs.models import Run, Step
from runs.sweep import reassign
from streams.events import KNOWN
from streams.models import MessageChunk
from tests.chat.talking import pending, start, told
from tests.factories import advance, answer
from tests.mortal import MortalWriter
from tests.runs.steps_support import Killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
QUESTION = "Please call a tool"
MEASURED = {"duration_ms", "final_sequence"}  # of pieces that gather as time has it


def live(writer: MortalWriter) -> ChatSession:
    """Let a session profile, ask for a tool, get it and answer; each death is survived once."""
    session = start(is_ready=False, mode="act")
    posting.post_message(session, QUESTION, by=session.created_by)
    for _ in range(3):  # the initialise run, and the two segments of the reply
        while run := Run.objects.claimable().first():
            try:
                advance(run, writer)
            except Killed:
                writer.close()
                writer = MortalWriter()
                reassign(run.pk, now=timezone.now() + timedelta(days=1))
        waiting = Run.objects.filter(state="waiting").first()
        if waiting is not None:
            answer(pending(session))
    writer.close()
    assert not Run.objects.exclude(state="completed").exists()
    return session


def story(session: ChatSession) -> list[Any]:
    """Return what was told of the work itself, without what differs each time."""
    found = []
    for event in told(session):
        kind = KNOWN[event["type"]]
        if event["type"] != "state_changed" and kind.is_lifecycle and not kind.is_final:
            continue
        data = {
            k: v for k, v in event["data"].items() if not k.endswith("_id") and k not in MEASURED
        }
        if event["type"] == "content_delta":
            data = {}
        found.append((event["type"], {k: v for k, v in data.items() if k not in ("branch", "by")}))
    return [one for i, one in enumerate(found) if i == 0 or one != found[i - 1]]


def texts(session: ChatSession) -> list[str]:
    """Return the text of each message; its chunks are numbered without holes."""
    found = Message.objects.shown().filter(session=session).order_by("turn", "created_at")
    said = []
    for message in found:
        chunks = MessageChunk.objects.filter(message_id=message.pk).order_by("sequence")
        assert [chunk.sequence for chunk in chunks] == list(range(1, len(chunks) + 1))
        said.append("".join(chunk.text for chunk in chunks))
    return said


@pytest.mark.slow
@pytest.mark.parametrize("commits", [False, True], ids=["before", "after"])
def test_a_session_killed_at_any_write_ends_as_the_undisturbed_one(commits):
    """Reliability 1; row 1-41."""
    writer = MortalWriter()
    calm = live(writer)
    expected, said, count = story(calm), texts(calm), writer.count

    assert count > 30
    for position in range(1, count + 1):
        session = live(MortalWriter(position, commits=commits))

        positions = [event["position"] for event in told(session)]
        assert positions == list(range(1, len(positions) + 1)), position
        assert texts(session) == said, position
        assert story(session) == expected, position
        names = list(
            Step.objects.filter(run__stream=session.stream_id).values_list("name", "restarts")
        )
        assert sorted(names) == [("initialise", 0), ("reply-1", 0), ("reply-2", 0)], position
