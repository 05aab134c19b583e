"""Pages of strategies, as somebody without scripts sees them."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from planning.memory import save_entity
from planning.models import Strategy
from tests.planning.strategy.made import failing, strategy, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def text_of(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


@pytest.mark.parametrize("path", ["/strategies/", "/strategies/new/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, path: str):
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={path}")


def test_pages_have_no_inline_script_or_style(browser: Client, user: User):
    made = strategy(user)

    for path in ("/strategies/", "/strategies/new/", f"/strategies/{made.pk}/"):
        text = text_of(browser, path)
        for forbidden in ("<style", " style=", "<script>", " onclick"):
            assert forbidden not in text


def test_the_list_and_its_fragment(browser: Client, user: User):
    assert "Work out your first strategy" in text_of(browser, "/strategies/")
    strategy(user)

    assert "Open a second bakery" in text_of(browser, "/strategies/")
    assert "<html" not in text_of(browser, "/strategies/?fragment=1")


def test_a_strategy_is_started_with_files(browser: Client):
    file = SimpleUploadedFile("rent.md", b"Rent is 3,000 EUR.", content_type="text/markdown")

    answer = browser.post("/strategies/new/", {"goal": "Open a bakery", "files": [file]})

    made = Strategy.objects.get()
    assert answer["Location"] == f"/strategies/{made.pk}/"
    assert [one.title for one in made.documents.all()] == ["rent.md"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"goal": " "}, "goal is required: say what the strategy is to achieve."),
        ({"goal": "Open", "documents": "nothing"}, "There is no document"),
    ],
)
def test_a_wrong_form_keeps_what_was_written(browser: Client, form: dict[str, str], words: str):
    answer = browser.post("/strategies/new/", form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Strategy.objects.exists()


def test_a_strategy_can_be_asked_for_again(browser: Client, user: User):
    save_entity(title="Rent", body="Rent is 3,000 EUR.", by=user)
    made = strategy(user)

    text = text_of(browser, f"/strategies/new/?from={made.pk}")

    assert "Open a second bakery</textarea>" in text
    assert 'value="rent" checked' in text
    assert browser.get("/strategies/new/?from=nonsense").status_code == 200


def test_a_page_shows_all_eight_steps_before_they_start(browser: Client, user: User):
    """Rows 3-13, 3-41."""
    text = text_of(browser, f"/strategies/{strategy(user).pk}/")

    assert text.count('class="line"') == 8
    assert text.count(">Pending<") == 8
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert "takes about 15 s" in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_a_finished_strategy_is_shown_with_what_is_missing(browser: Client, user: User):
    """Row 3-4: also to those without scripts."""
    with failing("competition") as engine:
        made = worked_out(user, engine=engine)

    text = text_of(browser, f"/strategies/{made.pk}/")

    assert text.count(">Left out<") == 1
    assert "The script says that competition fails." in text
    assert "What is missing" in text
    assert "http-equiv" not in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_its_entity_leads_back_and_to_its_sources(browser: Client, user: User):
    save_entity(title="Script", body="In part 2 of the script the share is 21%.", by=user)
    made = worked_out(user)
    assert made.entity is not None

    entity = text_of(browser, f"/memory/{made.entity.slug}/")
    source = text_of(browser, f"/strategies/{made.pk}/sources/script/")

    assert f'href="/strategies/{made.pk}/sources/script/#s2"' in entity
    assert f'<a href="/strategies/{made.pk}/">See how the strategy was made</a>' in entity
    assert "numbered as the strategy cites them" in source
    assert f'href="/strategies/{made.pk}/"' in source


def test_foreign_things_do_not_exist(client: Client, user: User, other: User):
    """Reliability 17."""
    save_entity(title="Rent", body="Rent is 3,000 EUR.", by=user)
    made = strategy(user)
    client.force_login(other)

    for path in (f"/strategies/{made.pk}/", f"/strategies/{made.pk}/sources/rent/"):
        assert client.get(path).status_code == 404
    assert "Open a second bakery" not in text_of(client, "/strategies/")
