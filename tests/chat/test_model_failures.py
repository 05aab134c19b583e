"""What a provider answers, on a real socket, and what the run and its retry make of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from chat.models import ChatSession
from runs import actions
from runs.exceptions import InvalidTransition
from runs.models import Run
from tests.agents.models.http_server import Answer, Exchange, Provider
from tests.agents.models.stubs import INTENT
from tests.chat.talking import ask, start, told, work_off
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
TRUTH = "I cannot say more."


async def well(exchange: Exchange) -> None:
    await exchange.begin()
    is_form = "response_format" in exchange.body
    await exchange.say(json.dumps(INTENT) if is_form else TRUTH)
    await exchange.end()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    found = Provider(well)
    found.start()
    settings.MODELS = {
        "MODEL": "m", "URL": found.url, "KEY": "sk", "OUTPUT": "native", "RETRIES": 0
    }  # fmt: skip
    yield found
    found.stop()


@pytest.fixture
def session() -> ChatSession:
    session = start(make_user("ada"), engine="offline")
    session.engine = "pydantic-ai"
    session.save()
    return session


def refusing(status: int, **error: str) -> Answer:
    async def answer(exchange: Exchange) -> None:
        await exchange.status(status, {"error": {"message": "no", **error}}, Retry_After="7")

    return answer


async def withheld(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.end("content_filter")


@pytest.mark.parametrize(
    ("answer", "code", "advice"),
    [
        (refusing(401), "bad_key", "Check CAIRN_MODEL_KEY"),
        (refusing(404), "engine_not_configured", "Set CAIRN_MODEL"),
        (refusing(400, code="context_length_exceeded"), "context_too_long", "new session"),
        (withheld, "model_refused", "other words"),
    ],
)
def test_a_run_that_a_provider_refused_says_why_and_is_tried_again(
    session: ChatSession, provider: Provider, answer: Answer, code: str, advice: str
) -> None:
    """Reliability 24."""
    provider.answer = answer
    failed = ask(session, "How many penguins?")
    provider.answer = well

    again = actions.retry(failed.pk, by=session.created_by)
    work_off(session)

    assert (failed.state, failed.error_code) == ("failed", code)
    assert advice in failed.error_message
    again.refresh_from_db()
    assert (again.kind, again.state) == ("reply", "completed")
    assert again.pk != failed.pk


def test_a_provider_that_is_asked_too_often_is_asked_again_when_it_says(
    session: ChatSession, provider: Provider
) -> None:
    provider.answer = refusing(429)

    run = ask(session, "How many penguins?")

    assert run.state == "queued"
    assert run.not_before is not None
    retrying = told(session, "run_retrying")[-1]["data"]
    assert retrying["retry_in_seconds"] >= 7
    assert retrying["error"]["code"] == "rate_limited"


def test_data_that_could_not_be_described_is_profiled_again(provider: Provider) -> None:
    provider.answer = refusing(401)
    session = start(make_user("ada"), engine="pydantic-ai")
    failed = Run.objects.get(stream=session.stream_id)
    assert (failed.state, failed.error_code) == ("failed", "bad_key")

    async def described(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say(json.dumps({"summary": "Birds.", "questions": ["How many?"]}))
        await exchange.end()

    provider.answer = described
    again = actions.retry(failed.pk, by=session.created_by)
    work_off(session)

    again.refresh_from_db()
    assert (again.kind, again.state) == ("initialise", "completed")
    session.data_set.refresh_from_db()
    assert "Birds." in (session.data_set.model or {})["summary"]


def test_only_a_failed_run_is_tried_again(session: ChatSession, provider: Provider) -> None:
    run = ask(session, "How many penguins?")

    with pytest.raises(InvalidTransition, match="only a failed run"):
        actions.retry(run.pk, by=session.created_by)


def test_only_the_owner_tries_again(user: User, provider: Provider, client: Any) -> None:
    provider.answer = refusing(401)
    session = start(user, engine="pydantic-ai")
    failed = Run.objects.get(stream=session.stream_id)
    path = f"/api/v1/runs/{failed.pk}/retry/"
    client.force_login(make_user("eve"))
    assert client.post(path).status_code == 404
    client.force_login(user)

    answer = client.post(path)

    assert answer.status_code == 201
    assert answer.json()["kind"] == "initialise"
    assert answer.json()["state"] == "queued"
