"""The text of messages, pulled over REST as far as it is written."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from chat.models import Message
from streams.models import MessageChunk
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def content(api: CheckedClient, message: object, after: int = 0) -> dict[str, Any]:
    answer = api.get(f"/api/v1/messages/{message}/content/", {"from_sequence": after})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_text_is_pulled_after_a_sequence_number(api: CheckedClient, user: User):
    """Rows 4-3, 4-6, 4-7."""
    session = start(user)
    ask(session, "How many rows by month?")
    reply = session.messages.get(role=Message.Role.ASSISTANT)
    chunks = list(MessageChunk.objects.filter(message_id=reply.pk).order_by("sequence"))
    last, whole = chunks[-1].sequence, "".join(one.text for one in chunks)

    assert content(api, reply.pk) == {
        "message_id": str(reply.pk),
        "sequence": last,
        "content": whole,
        "has_more": False,
        "completed": True,
    }
    for after in range(last + 3):
        told = content(api, reply.pk, after)
        assert told["content"] == "".join(one.text for one in chunks if one.sequence > after)
        assert told["sequence"] == last
    for wrong in ("-1", "NaN", "1.5", "", "x", "1e3", "9" * 30):
        refused = api.get(f"/api/v1/messages/{reply.pk}/content/", {"from_sequence": wrong})
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (
            400,
            ["from_sequence"],
        )


def test_the_sequence_numbers_of_each_message_have_no_holes(api: CheckedClient, user: User):
    """Row 4-8."""
    session = start(user, mode="act")
    for text in ("One?", "Please call a tool"):
        ask(session, text)

    for message in session.messages.all():
        numbers = list(
            MessageChunk.objects.filter(message_id=message.pk)
            .order_by("sequence")
            .values_list("sequence", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_long_text_comes_in_pages(api: CheckedClient, user: User):
    """Row 4-9."""
    session = start(user)
    ask(session, "Hello?")
    reply = session.messages.get(role=Message.Role.ASSISTANT)
    last = content(api, reply.pk)["sequence"]
    MessageChunk.objects.bulk_create(
        MessageChunk(
            stream_id=session.stream_id, message_id=reply.pk, sequence=number, text=f"{number} "
        )
        for number in range(last + 1, last + 1201)
    )

    pages, after = [], last
    while True:
        page = content(api, reply.pk, after)
        pages.append(page)
        after = page["sequence"]
        if not page["has_more"]:
            break

    assert [one["has_more"] for one in pages] == [True, True, False]
    assert [one["completed"] for one in pages] == [False, False, True]
    joined = "".join(one["content"] for one in pages)
    assert joined.split() == [str(number) for number in range(last + 1, last + 1201)]


def test_a_message_without_text_yet_is_empty_and_not_complete(
    api: CheckedClient, stranger: CheckedClient, user: User
):
    """Rows 4-6, 4-10."""
    session = start(user)
    empty = Message.objects.create(
        session=session,
        branch=session.active_branch,
        turn=1,
        role=Message.Role.ASSISTANT,
        status=Message.Status.STREAMING,
    )

    assert content(api, empty.pk) == {
        "message_id": str(empty.pk),
        "sequence": 0,
        "content": "",
        "has_more": False,
        "completed": False,
    }
    Message.objects.filter(pk=empty.pk).update(status=Message.Status.CANCELLED)
    assert content(api, empty.pk)["completed"] is True
    for client, pk in ((stranger, empty.pk), (api, uuid4())):
        assert client.get(f"/api/v1/messages/{pk}/content/").status_code == 404
