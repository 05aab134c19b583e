"""A language model chosen in the page, and what the page says of it: lies, failures, usage."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.agents.models.http_server import Exchange, Provider
from tests.agents.models.stubs import INTENT
from tests.browser.chatting import answers, ask, open_chat, ready, say, start
from tests.browser.people import Person
from tests.browser.serving import Server, serve

SUMMARY = {"summary": "Birds.", "questions": ["How many birds are there?"]}
PICTURES = os.environ.get("CAIRN_PICTURES")  # a folder to put what was seen in


async def lying(exchange: Exchange) -> None:
    """Answer each form in its shape, and each question with a number from nowhere."""
    form = json.dumps(exchange.body.get("response_format", ""))
    told = INTENT if "intent_type" in form else SUMMARY
    text = json.dumps(told) if form != '""' else "There are 344 penguins, and 9999 of them fly."
    await exchange.begin()
    await exchange.say(text)
    await exchange.end()


async def refusing(exchange: Exchange) -> None:
    await exchange.status(401, {"error": {"message": "no"}})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider(lying)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    models = {
        "CAIRN_MODEL": "m",
        "CAIRN_MODEL_URL": provider.url,
        "CAIRN_MODEL_KEY": "sk",
        "CAIRN_MODEL_OUTPUT": "native",
        "CAIRN_MODELS": "deep=m2",
        "CAIRN_ENGINE": "offline",
    }
    with serve(tmp_path_factory.mktemp("models"), None, **models) as running:
        yield running


def seen(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_a_model_is_chosen_and_its_lie_is_flagged(ada: Person, page: Page) -> None:
    """Reliability 24."""
    page.goto("/chats/new/")
    choice = page.get_by_label("Model")
    expect(choice.locator("option")).to_have_text(
        ["Offline engine (no language model)", "Language model m", "Language model deep"]
    )
    choice.select_option("pydantic-ai")
    seen(page, "new-chat")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/$"))
    # The library of the models is imported for the first time.
    expect(page.get_by_test_id("welcome")).to_contain_text("Ask about", timeout=60_000)

    answer = ask(page, "How many penguins fly?")

    expect(answer).to_contain_text("Not verified: 9999 [unverified]")
    expect(answer).not_to_contain_text("344 [unverified]")
    expect(page.get_by_test_id("engine")).to_have_text("Language model m")
    expect(page.get_by_test_id("usage")).to_contain_text("requests")
    seen(page, "lie")


def test_a_failed_answer_says_why_and_is_asked_again(
    ada: Person, page: Page, provider: Provider
) -> None:
    ready(ada, engine="pydantic-ai")
    provider.answer = refusing
    say(page, "How many penguins fly?")
    end = page.get_by_test_id("message-end")
    expect(end).to_contain_text("refused the key. Check CAIRN_MODEL_KEY")
    seen(page, "refused")

    provider.answer = lying
    end.get_by_role("button", name="Try again").click()

    expect(answers(page).last).to_contain_text("9999")


def test_data_that_could_not_be_prepared_is_prepared_again(
    ada: Person, page: Page, provider: Provider
) -> None:
    provider.answer = refusing
    open_chat(ada, start(ada, demo="weather", engine="pydantic-ai"))
    banner = page.get_by_test_id("not-profiled")
    expect(banner).to_contain_text("refused the key. Check CAIRN_MODEL_KEY", timeout=60_000)
    seen(page, "not-profiled")

    provider.answer = lying
    banner.get_by_role("button", name="Try again").click()

    expect(page.get_by_test_id("welcome")).to_contain_text("Ask about")
    expect(banner).to_have_count(0)


@pytest.mark.parametrize("path", ["/plans/new/", "/strategies/new/"])
def test_the_other_forms_offer_the_same_choice(ada: Person, page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_label("Goal").fill("Open a second bakery")
    page.get_by_label("Model").select_option("pydantic-ai:deep")
    seen(page, path.strip("/").replace("/", "-"))

    page.get_by_role("button", name="Start", exact=True).click()

    expect(page.get_by_test_id("engine")).to_have_text("Language model deep")
    seen(page, f"{path.split('/')[1]}-page")
