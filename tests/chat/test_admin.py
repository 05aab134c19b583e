"""Chats in the admin: everything that was said and given can be read, and nothing changed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from chat.models import ChatSession, Message
from tests.chat.talking import ask, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
QUESTION = "How many rows by month?"


@pytest.fixture
def site(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def session(user: User) -> ChatSession:
    found = start(user, title="Birds of the ice")
    ask(found, QUESTION)
    return found


def page(site: Client, name: str, *args: object, **query: str) -> str:
    answer = site.get(reverse(f"admin:chat_{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_output_of_an_engine_can_be_read(site: Client, session: ChatSession):
    """Rows 1-36, 1-43."""
    reply = session.messages.get(role=Message.Role.ASSISTANT)

    html = page(site, "message_change", reply.pk)

    for part in ("You asked: How many rows", "SELECT", "PARTICULAR", "interpretation", "memory"):
        assert part in html, part
    assert reverse("admin:runs_run_change", args=[reply.run_id]) in html
    assert f"{reverse('admin:streams_streamevent_changelist')}?q={session.stream_id}" in html


def test_a_session_leads_to_its_messages_runs_and_events(site: Client, session: ChatSession):
    """Row 1-43."""
    html = page(site, "chatsession_change", session.pk)

    for path in (
        f"{reverse('admin:chat_message_changelist')}?session__id__exact={session.pk}",
        f"{reverse('admin:runs_run_changelist')}?q={session.stream_id}",
        f"{reverse('admin:streams_streamevent_changelist')}?q={session.stream_id}",
    ):
        assert path in html
        assert site.get(path).status_code == 200
    assert "main" in html


def test_messages_are_found_by_what_they_say(site: Client, session: ChatSession):
    ask(session, "Which island is largest?")

    found = page(site, "message_changelist", q="ISLAND")
    other = page(site, "message_changelist", q="walrus")
    of_session = page(site, "message_changelist", session__id__exact=str(session.pk))

    assert "Which island is largest?" in found
    assert QUESTION not in found
    assert "0 messages" in other
    assert "4 messages" in of_session


def test_what_people_write_is_shown_as_text(site: Client, session: ChatSession):
    """Reliability 22."""
    ask(session, "<script>alert(1)</script>")
    asked = session.messages.order_by("-turn").filter(role=Message.Role.USER)[0]

    html = page(site, "message_change", asked.pk)

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_data_sets_show_their_model_and_branches_their_session(site: Client, session: ChatSession):
    assert "&quot;tables&quot;" in page(site, "dataset_change", session.data_set_id)
    assert "penguins" in page(site, "dataset_changelist")
    assert "Birds of the ice" in page(site, "branch_changelist")
    assert "Birds of the ice" in page(site, "chatsession_changelist", q="penguins")


def test_nothing_can_be_changed(site: Client, session: ChatSession):
    reply = session.messages.get(role=Message.Role.ASSISTANT)
    rows = {"chatsession": session.pk, "message": reply.pk, "branch": session.branch_id,
            "dataset": session.data_set_id}  # fmt: skip

    for model, pk in rows.items():
        assert site.get(reverse(f"admin:chat_{model}_add")).status_code == 403
        assert site.post(reverse(f"admin:chat_{model}_change", args=[pk]), {}).status_code == 403
        assert site.post(reverse(f"admin:chat_{model}_delete", args=[pk]), {}).status_code == 403


def test_staff_without_the_permission_see_nothing(session: ChatSession):
    client = Client()
    client.force_login(User.objects.create_user("clerk", is_staff=True))

    assert client.get(reverse("admin:chat_message_changelist")).status_code == 403


def test_a_list_of_messages_costs_the_same_whatever_its_length(
    site: Client, session: ChatSession, django_assert_max_num_queries
):
    for number in range(5):
        ask(session, f"Question {number}?")

    with django_assert_max_num_queries(10):
        page(site, "message_changelist")
