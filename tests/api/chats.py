"""What tests of the API do with chats."""

from typing import Any

from django.contrib.auth.models import User

from chat.models import ChatSession, Message
from tests.api import made
from tests.api.contract import CheckedClient

KEY = {"Idempotency-Key": "once"}


def address(session: ChatSession, *parts: str) -> str:
    return f"/api/v1/sessions/{session.pk}/" + "".join(f"{part}/" for part in parts)


def conversation(api: CheckedClient, session: ChatSession, **query: Any) -> list[str]:
    page = api.get(address(session, "messages"), query).json()
    return [one["text"].split("\n")[0] for one in page["results"]]


def first_question(session: ChatSession) -> Message:
    found = session.messages.filter(role=Message.Role.USER).order_by("turn").first()
    assert found is not None
    return found


def routes(user: User) -> list[tuple[str, str]]:
    """Return a method and an address of a thing of the user's for each route of chats.

    Not that of events, which looks at the database from threads of its own.
    """
    session = made.session(user)
    asked = made.message(session)
    (session.workspace / "notes.md").write_text("# Notes")
    reads = ("", "snapshot/", "messages/", "branches/", "workflows/", "references/")
    writes = ("messages/", "branches/", "branches/merge/", "workflows/")
    return [
        *[("GET", f"sessions/{session.pk}/{one}") for one in (*reads, "model/")],
        ("GET", f"sessions/{session.pk}/files/notes.md"),
        ("PATCH", f"sessions/{session.pk}/"),
        *[("POST", f"sessions/{session.pk}/{one}") for one in writes],
        ("POST", f"sessions/{session.pk}/messages/{asked.pk}/retry/"),
        ("POST", f"sessions/{session.pk}/messages/{asked.pk}/edit/"),
        ("GET", f"messages/{asked.pk}/content/"),
    ]
