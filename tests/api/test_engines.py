"""Which engine or model works: chosen for each chat, plan and strategy, from one list of names."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents import registry
from runs.models import Run, Step
from tests.agents.models.stubs import Stub, engine, well
from tests.api.contract import CheckedClient
from tests.chat.talking import start
from tests.factories import make_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
MODELS = {"MODEL": "openai:gpt-x", "KEY": "sk", "ALLOWED": ["deep=openai:gpt-deep"]}
WORK = [("sessions/", {}), ("plans/", {"goal": "A bakery"}), ("strategies/", {"goal": "A bakery"})]
FORMS = ["/chats/new/", "/plans/new/", "/strategies/new/"]


@pytest.fixture
def own() -> Iterator[str]:
    registry.register("ours", lambda: engine(Stub(well)))
    yield "ours"
    registry.unregister("ours")


@pytest.mark.parametrize("chosen", ["pydantic-ai:deep", "pydantic-ai", "offline", "ours"])
@pytest.mark.parametrize(("path", "body"), WORK)
def test_work_is_done_by_the_engine_that_it_names(
    api: CheckedClient, settings: Any, own: str, path: str, body: dict[str, Any], chosen: str
) -> None:
    settings.MODELS = MODELS

    made = api.post(f"/api/v1/{path}", {**body, "engine": chosen})

    assert made.status_code in (201, 202), made.content
    shown = api.get(f"/api/v1/{path}{made.json()['id']}/").json()
    assert shown["engine"] == chosen
    assert shown["usage"] is None


@pytest.mark.parametrize("chosen", ["gpt-deep", "pydantic-ai:other", "x" * 60])
@pytest.mark.parametrize(("path", "body"), WORK)
def test_an_engine_that_is_not_allowed_is_refused_and_those_that_are_are_named(
    api: CheckedClient, settings: Any, own: str, path: str, body: dict[str, Any], chosen: str
) -> None:
    settings.MODELS = MODELS

    refused = api.post(f"/api/v1/{path}", {**body, "engine": chosen})

    assert refused.status_code == 400
    message = refused.json()["error"]["fields"]["engine"]
    for name in ("offline", "pydantic-ai", "pydantic-ai:deep", "ours"):
        assert name in message
    assert not Run.objects.exists()


@pytest.mark.parametrize("path", FORMS)
def test_a_form_offers_a_choice_where_there_is_one(
    client: Client, user: User, settings: Any, path: str
) -> None:
    client.force_login(user)
    settings.CHAT = {**settings.CHAT, "ENGINE": "offline"}
    settings.PLANNING = {**settings.PLANNING, "ENGINE": "offline"}
    settings.MODELS = {}
    only = client.get(path).content.decode()
    settings.MODELS = MODELS
    several = client.get(path).content.decode()

    assert 'name="engine"' not in only
    assert '<option value="offline"' in several
    assert '<option value="pydantic-ai:deep">Language model deep</option>' in several
    assert '<option value="pydantic-ai">Language model openai:gpt-x</option>' in several
    assert "scripted" not in several


def test_a_page_says_who_works_and_what_was_used(client: Client, own: str) -> None:
    session = start(engine=own)
    client.force_login(session.created_by)

    page = client.get(f"/chats/{session.pk}/").content.decode()

    assert ">ours</span>" in page
    assert "tokens read" in page


def test_a_run_tells_what_its_steps_used_together(api: CheckedClient, user: User) -> None:
    run = make_run(user)
    used = [{"input_tokens": 10, "requests": 1, "cost_usd": 0.01}, {"input_tokens": 5}, {"rows": 1}]
    for number, usage in enumerate(used):
        Step.objects.create(run=run, name=f"{number}", fence=0, from_position=0, usage=usage)

    told = api.get(f"/api/v1/runs/{run.pk}/").json()["usage"]

    assert told == {"input_tokens": 15, "requests": 1, "cost_usd": 0.01}


def test_the_admin_tells_what_a_run_used(admin_client: Client, user: User) -> None:
    run = make_run(user)
    used = {"input_tokens": 1200, "output_tokens": 5, "requests": 2}
    Step.objects.create(run=run, name="reply", fence=0, from_position=0, usage=used)

    page = admin_client.get(f"/admin/runs/run/{run.pk}/change/").content.decode()

    assert "1,200 tokens read, 5 written, 2 requests" in page


def test_a_name_that_does_not_fit_is_refused_when_it_is_registered() -> None:
    with pytest.raises(ValueError, match="40 characters"):
        registry.register("x" * 41, lambda: engine(Stub(well)))
