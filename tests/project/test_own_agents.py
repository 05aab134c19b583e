"""Which agents of a team's own there are is a setting, and a wrong one stops the start."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from agents import registry
from chat.models import ChatSession, Message
from project import env, own_agents
from runs import gates
from tests.chat.talking import ask, pending, start, told
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests.examples.bank_in_cairn:agent"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if "CAIRN_" not in name}
    return subprocess.run(
        [sys.executable, *code.split(" ", 1)],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "project.settings", **environment},
        capture_output=True,
        text=True,
    )


def test_places_are_named_by_their_object_or_as_one_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_AGENTS", "a.b:agent, bank=c:d.agent")
    assert env.places("CAIRN_AGENTS") == {"agent": "a.b:agent", "bank": "c:d.agent"}

    monkeypatch.setenv("CAIRN_AGENTS", "a:agent,b:agent")
    with pytest.raises(ImproperlyConfigured, match="agent twice; write other=b:agent"):
        env.places("CAIRN_AGENTS")


def test_overriding_the_setting_changes_the_engines(settings) -> None:
    settings.AGENTS = {"bank": HERE}

    assert "bank" in registry.names()
    settings.AGENTS = {}
    assert "bank" not in registry.names()


@pytest.mark.parametrize("agents", [{"offline": HERE}, {"a b": HERE}, {"bank": "nowhere"}])
def test_a_wrong_setting_is_named(agents: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^AGENTS: "):
        own_agents.announce(agents)


def test_a_check_names_the_agent_whose_module_is_not_there() -> None:
    checked = python("manage.py check", CAIRN_AGENTS=f"bank={HERE},lost=no.such.module:x")

    assert "AGENTS['lost']: there is no module no.such.module" in checked.stderr
    assert "bank" not in checked.stderr


def test_an_agent_may_be_the_engine_of_all_new_sessions() -> None:
    checked = python("manage.py check", CAIRN_AGENTS=f"bank={HERE}", CAIRN_ENGINE="bank")

    assert checked.returncode == 0, checked.stderr
    assert "must be one of" in python("manage.py check", CAIRN_ENGINE="bank").stderr


def test_an_agent_is_offered_for_a_new_chat(settings, client: Client, user: User) -> None:
    settings.AGENTS = {"bank": HERE}
    client.force_login(user)

    page = client.get("/chats/new/").content.decode()

    assert '<option value="bank"' in page


@pytest.fixture
def session(settings: Any, tmp_path: Path, db: None, monkeypatch: Any) -> ChatSession:
    """Return a session whose engine is the bank's agent."""
    settings.AGENTS = {"bank": HERE}
    monkeypatch.setattr("tests.examples.bank_in_cairn.bank.ledger", tmp_path / "ledger.jsonl")
    return start(make_user("ada"), engine="bank", mode="act")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_allowing_all_lets_a_tool_run_unasked_in_later_messages(
    session: ChatSession, tmp_path: Path
) -> None:
    first = ask(session, "I lost my card.")
    gate = pending(session)
    gates.answer(
        gate.pk, by=session.created_by, decision="approve_all", digest=gate.digest, via="api"
    )
    second = ask(session, "I lost the other one.")

    first.refresh_from_db()
    assert (first.state, second.state) == ("completed", "completed")
    assert (tmp_path / "ledger.jsonl").read_text().count("lost") == 2
    last = told(session, "tool_call_started")[-1]["data"]
    assert (last["tool"], last["approval"]) == ("block_card", "automatic")
    assert Message.objects.filter(session=session, status="waiting").count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_in_plan_mode_a_tool_that_needs_approval_asks_always(
    settings: Any, user: User, db: None
) -> None:
    settings.AGENTS = {"bank": HERE}
    planning = start(user, engine="bank", auto_approve=["block_card"])

    assert ask(planning, "I lost my card.").state == "waiting"


IMPORTED = """
import sys
import project.asgi
from runs import runner
print(sorted(one for one in ("pydantic_ai", "openai") if one in sys.modules))
"""


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"CAIRN_MODEL": "openai:gpt-5-mini", "CAIRN_MODEL_KEY": "x"},
        {"CAIRN_AGENTS": f"bank={HERE}"},
    ],
)
def test_serving_imports_no_library_of_models_before_one_is_used(
    environment: dict[str, str], tmp_path: Path
) -> None:
    served = python(f"-c {IMPORTED}", CAIRN_RUNNER="off", CAIRN_VAR=str(tmp_path), **environment)

    assert served.stdout.strip() == "[]", served.stderr
