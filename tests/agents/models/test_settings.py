from collections.abc import Iterator

import pytest

from agents import registry
from agents.exceptions import Permanent
from agents.models import settings
from agents.models.settings import ModelSettings, allowed_from

SOME = ModelSettings(model="openai:gpt-5-mini", allowed={"deep": "anthropic:claude-x"})


@pytest.fixture
def configured() -> Iterator[None]:
    before = settings.current()
    settings.configure(SOME)
    yield
    settings.configure(before)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"timeout": 0}, "timeout"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"retries": -1}, "retries"),
        ({"context_tokens": 100}, "context_tokens"),
        ({"url": "localhost:8080"}, "url must start with http"),
        ({"allowed": {"x" * 40: "openai:x"}}, "give it a shorter one"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ModelSettings(**given)  # type: ignore[arg-type]


def test_models_are_allowed_under_their_own_name_or_another() -> None:
    assert allowed_from(["openai:gpt-5", "deep = anthropic:claude-x"]) == {
        "openai:gpt-5": "openai:gpt-5",
        "deep": "anthropic:claude-x",
    }


@pytest.mark.usefixtures("configured")
def test_only_configured_models_are_engines() -> None:
    assert settings.names() == ("pydantic-ai", "pydantic-ai:deep")
    assert settings.check("pydantic-ai:deep") == "anthropic:claude-x"
    assert set(settings.names()) <= set(registry.names())
    assert registry.engine("pydantic-ai:deep").name == "pydantic-ai:deep"


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    "name", ["pydantic-ai:anthropic:claude-x", "pydantic-ai:", "pydantic-ai:x"]
)
def test_a_model_that_is_not_allowed_cannot_be_asked(name: str) -> None:
    for refuse in (registry.check, registry.engine):
        with pytest.raises(Permanent, match="pydantic-ai:deep") as raised:
            refuse(name)
        assert raised.value.code == "unknown_engine"


def test_without_a_model_the_error_says_what_to_set() -> None:
    with pytest.raises(Permanent, match="Set CAIRN_MODEL") as raised:
        registry.engine("pydantic-ai")

    assert raised.value.code == "engine_not_configured"


def test_the_key_is_not_shown() -> None:
    assert "sk-secret" not in repr(ModelSettings(key="sk-secret"))
