"""The HTML pages of chats, as a client without scripts sees them. tests/browser has the rest."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chat.models import ChatSession, Message
from runs.models import Gate
from tests.chat.talking import ask, pending, start, work_off
from tests.factories import held, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


@pytest.fixture
def user() -> User:
    return make_user("ada")


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def session(user: User) -> ChatSession:
    return start(user, mode="act")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/chats/", "/chats/new/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, path: str):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={path}"


def test_pages_have_no_inline_script_or_style(browser: Client, session: ChatSession):
    ask(session, "How many rows by month?")
    ask(session, "Please call a tool")

    for path in ("/chats/", "/chats/new/", f"/chats/{session.pk}/"):
        text = text_of(browser, path)
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick" not in text


def test_the_list_and_its_fragment(browser: Client, session: ChatSession):
    fragment = text_of(browser, "/chats/?fragment=1")

    assert f"/chats/{session.pk}/" in fragment
    assert "Ready" in fragment
    assert "<html" not in fragment
    assert "Start a chat" in text_of(client_of(make_user("new")), "/chats/")


def test_chats_are_found_by_title_and_by_what_was_asked(browser: Client, session: ChatSession):
    ask(session, "Which herons nest here?")

    assert f"/chats/{session.pk}/" in text_of(browser, "/chats/?q=penguin")
    assert f"/chats/{session.pk}/" in text_of(browser, "/chats/?q=herons")
    assert "Nothing found for" in text_of(browser, "/chats/?q=storks")


def test_a_list_asks_the_database_as_often_for_many_chats_as_for_one(
    browser: Client, user: User, session: ChatSession, django_assert_max_num_queries
):
    for _ in range(4):
        start(user, is_ready=False)

    with django_assert_max_num_queries(12):
        browser.get("/chats/?fragment=1")


def test_a_chat_starts_about_demonstration_data(browser: Client):
    answer = browser.post("/chats/new/", {"demo": "penguins", "title": "Birds"})

    session = ChatSession.objects.get()
    assert answer["Location"] == f"/chats/{session.pk}/"
    assert (session.title, session.demo) == ("Birds", "penguins")


def test_a_chat_starts_about_ones_own_files(browser: Client):
    file = SimpleUploadedFile("trees.csv", b"kind,height\noak,20\nelm,12\n", "text/csv")

    browser.post("/chats/new/", {"files": [file], "demo": "penguins"})

    session = ChatSession.objects.get()
    assert session.demo == ""
    assert [one.name for one in session.uploads.all()] == ["trees.csv"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"demo": "whales"}, "There is no demonstration data"),
        ({"title": "x" * 201}, "at most 200 plain characters"),
    ],
)
def test_a_wrong_form_keeps_what_was_written(browser: Client, form: dict[str, str], words: str):
    answer = browser.post("/chats/new/", form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ChatSession.objects.count() == 0


def test_a_file_that_is_no_data_is_refused_by_name(browser: Client):
    file = SimpleUploadedFile("photo.png", b"\x89PNG\r\n", "image/png")

    answer = browser.post("/chats/new/", {"files": [file]})

    assert answer.status_code == 422
    assert "photo.png" in answer.content.decode()


def test_the_conversation_is_there_without_scripts(browser: Client, session: ChatSession):
    """Row 4-1."""
    ask(session, "How many rows by month?")

    text = text_of(browser, f"/chats/{session.pk}/")

    assert "How many rows by month?</div>" in text
    assert "PARTICULAR" in text
    assert "count by month" in text
    assert "SELECT &quot;month&quot;" in text
    assert "<p>word1 word2" in text
    assert '<td class="number">5.3</td>' in text
    assert 'data-state="idle">Ready' in text
    assert 'http-equiv="refresh"' not in text  # it would take away what is being written


def test_what_people_and_models_write_is_text(browser: Client, session: ChatSession):
    ask(session, "<img src=x onerror=alert(1)> </script><script>alert(2)</script>")

    text = text_of(browser, f"/chats/{session.pk}/")

    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert "&lt;img src=x" in text


def test_a_chat_at_work_is_loaded_again_without_scripts(browser: Client, user: User):
    session = start(user, is_ready=False)
    assert 'http-equiv="refresh"' not in text_of(browser, f"/chats/{session.pk}/")
    held(session.stream.runs.get())

    text = text_of(browser, f"/chats/{session.pk}/")

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert "Reading the data" in text


def test_only_the_branch_that_is_shown_is_on_the_page(browser: Client, session: ChatSession):
    ask(session, "The first way?")
    asked = Message.objects.get(role="user")
    browser.post(
        f"/api/v1/sessions/{session.pk}/messages/{asked.pk}/edit/",
        {"text": "Another way?"},
        content_type="application/json",
    )
    work_off(session)

    shown = re.findall(
        r'<div class="bubble">(.*?)</div>', text_of(browser, f"/chats/{session.pk}/")
    )
    assert shown == ["Another way?"]


def test_a_message_is_posted_from_a_plain_form(browser: Client, session: ChatSession):
    answer = browser.post(f"/chats/{session.pk}/say/", {"text": "By form?"})
    work_off(session)

    assert answer["Location"] == f"/chats/{session.pk}/#say"
    assert "You asked: By form?" in text_of(browser, f"/chats/{session.pk}/")


def test_an_empty_message_is_refused_in_words(browser: Client, session: ChatSession):
    answer = browser.post(f"/chats/{session.pk}/say/", {"text": "  "}, follow=True)

    assert "write what you want to know" in answer.content.decode()
    assert Message.objects.count() == 0


def test_a_plain_form_allows_a_tool(browser: Client, session: ChatSession):
    ask(session, "Please call a tool")
    gate = pending(session)
    text = text_of(browser, f"/chats/{session.pk}/")
    assert gate.question in text
    assert gate.digest in text
    assert "report.md" in text

    form = {"decision": "approve", "digest": gate.digest}
    browser.post(f"/chats/{session.pk}/gates/{gate.pk}/decide/", form)

    gate.refresh_from_db()
    assert (gate.decision, gate.via) == ("approve", Gate.Via.WEB)


@pytest.mark.parametrize(
    ("form", "comment"),
    [
        ({"choice": "March"}, "March"),
        ({"choice": "March", "comment": "The rainy one"}, "The rainy one"),
    ],
)
def test_a_plain_form_answers_a_question(
    browser: Client, session: ChatSession, form: dict[str, str], comment: str
):
    ask(session, "Please ask me")
    gate = pending(session)
    assert 'name="choice" value="March"' in text_of(browser, f"/chats/{session.pk}/")

    answer = {"decision": "answer", "digest": gate.digest, **form}
    browser.post(f"/chats/{session.pk}/gates/{gate.pk}/decide/", answer)

    gate.refresh_from_db()
    assert (gate.decision, gate.comment) == ("answer", comment)


def test_a_refused_decision_says_why(browser: Client, session: ChatSession):
    ask(session, "Please call a tool")
    gate = pending(session)

    form = {"decision": "approve", "digest": "other"}
    path = f"/chats/{session.pk}/gates/{gate.pk}/decide/"
    answer = browser.post(path, form, follow=True)

    assert "What you saw is not what is asked." in answer.content.decode()
    gate.refresh_from_db()
    assert gate.state == Gate.State.PENDING


def test_the_inbox_leads_to_the_chat_that_waits(browser: Client, session: ChatSession):
    """Row 4-49."""
    ask(session, "Please call a tool")

    text = text_of(browser, "/inbox/")

    assert f'href="/chats/{session.pk}/"' in text
    assert "May save_file run?" in text
    assert browser.get("/inbox/waiting/").json() == {"count": 1, "all": 1}


def test_foreign_chats_do_not_exist(session: ChatSession):
    ask(session, "Please call a tool")
    eve = client_of(make_user("eve"))

    gate = pending(session)
    path = f"/chats/{session.pk}/"
    assert eve.get(path).status_code == 404
    assert eve.post(f"{path}say/", {"text": "Mine?"}).status_code == 404
    assert eve.post(f"{path}gates/{gate.pk}/decide/", {"decision": "reject"}).status_code == 404


def test_whoever_may_see_all_runs_reads_and_decides_but_does_not_write(session: ChatSession):
    ask(session, "Please call a tool")
    overseer = make_user("grace")
    names = ("view_run", "answer_gate", "change_run")
    overseer.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = client_of(overseer)

    text = text_of(client, f"/chats/{session.pk}/")
    refused = client.post(f"/chats/{session.pk}/say/", {"text": "May I?"}, follow=True)

    assert "This chat belongs to ada" in text
    assert 'id="composer"' not in text
    assert "Only the owner of this chat can write in it." in refused.content.decode()
    gate = pending(session)
    form = {"decision": "reject", "digest": gate.digest, "comment": "No"}
    client.post(f"/chats/{session.pk}/gates/{gate.pk}/decide/", form)
    gate.refresh_from_db()
    assert gate.decided_by == overseer
