"""Which language models may be used is a setting, and a wrong one stops the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured

from agents import registry
from agents.models import settings as models
from chat import actions as chats
from chat.exceptions import InvalidMessage
from planning import actions as plans
from planning.exceptions import InvalidInput
from project.language_models import model_settings

ROOT = Path(__file__).resolve().parents[2]
MODELS = {"MODEL": "openai:gpt-5-mini", "KEY": "sk-secret", "ALLOWED": ["deep=anthropic:claude-x"]}


def checked(**environment: str) -> subprocess.CompletedProcess[str]:
    """Start the project with these variables, far enough for its checks."""
    environ = {name: value for name, value in os.environ.items() if "CAIRN_" not in name}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**environ, **environment},
        capture_output=True,
        text=True,
    )


def test_overriding_the_setting_configures_the_engines(settings) -> None:
    settings.MODELS = MODELS

    assert models.names() == ("pydantic-ai", "pydantic-ai:deep")
    settings.MODELS = {}
    assert models.names() == ()


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="MODELS setting is wrong: url must start"):
        model_settings({"URL": "localhost"})
    with pytest.raises(ImproperlyConfigured, match="speed"):
        model_settings({"SPEED": 9})


def test_a_session_may_only_name_an_allowed_model(settings, db: None, user: User) -> None:
    settings.MODELS = MODELS

    chats.Wish(engine="pydantic-ai:deep").check()
    with pytest.raises(InvalidMessage) as raised:
        chats.start_session(chats.Wish(engine="pydantic-ai:openai:gpt-9"), by=user)
    assert "pydantic-ai:deep" in str(raised.value.fields["engine"])


def test_a_plan_may_only_name_an_allowed_model(settings, db: None, user: User) -> None:
    settings.MODELS = MODELS

    assert plans.propose(plans.Wish(goal="Bake.", engine="pydantic-ai:deep"), by=user).engine
    with pytest.raises(InvalidInput) as raised:
        plans.propose(plans.Wish(goal="Bake.", engine="pydantic-ai:openai:gpt-9"), by=user)
    assert "pydantic-ai:deep" in str(raised.value.fields["engine"])


def test_without_a_model_nobody_may_name_one() -> None:
    with pytest.raises(InvalidInput):
        plans.Wish(goal="Bake.", engine="pydantic-ai").check()
    assert "pydantic-ai" not in registry.names()


@pytest.mark.slow
def test_neither_prompt_nor_key_is_logged_even_if_everything_is() -> None:
    """Reliability 24."""
    goal, key = "Open a clandestine bakery", "sk-very-secret"

    told = subprocess.run(
        [sys.executable, "-m", "tests.agents.models.logging_process", goal, key],
        cwd=ROOT,
        env={**os.environ, "CAIRN_LOG_LEVEL": "DEBUG"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "It is answered." in told.stdout
    assert "DEBUG" in told.stderr
    assert "clandestine" not in told.stderr
    assert key not in told.stderr


@pytest.mark.slow
def test_naming_a_model_makes_it_the_engine_and_no_model_stops_the_start() -> None:
    well = checked(CAIRN_MODEL="openai:gpt-5-mini")
    ill = checked(CAIRN_ENGINE="pydantic-ai")
    bad = checked(CAIRN_MODEL="m", CAIRN_MODEL_URL="localhost:1")

    assert well.returncode == 0, well.stderr
    assert ill.returncode != 0
    assert "CHAT['ENGINE']" in ill.stderr
    assert "Set CAIRN_MODEL" in ill.stderr
    assert "url must start with http" in bad.stderr
