import pytest
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel

from agents.exceptions import Permanent
from agents.models.clients import client
from agents.models.settings import ModelSettings

URL = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "OLLAMA_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("model", "url", "kind", "name"),
    [
        ("openai:gpt-5-mini", "", OpenAIResponsesModel, "gpt-5-mini"),
        ("openai:my-model", URL, OpenAIChatModel, "my-model"),
        ("my-model", URL, OpenAIChatModel, "my-model"),
        ("qwen3:4b", URL, OpenAIChatModel, "qwen3:4b"),
        ("ollama:qwen3:4b", URL, OllamaModel, "qwen3:4b"),
    ],
)
def test_a_model_is_found_by_its_name_and_address(
    model: str, url: str, kind: type[object], name: str
) -> None:
    made = client(model, ModelSettings(model=model, url=url, key="sk-mine"))

    assert type(made) is kind
    assert made.model_name == name
    if url:
        assert str(made.base_url).startswith(URL)


@pytest.mark.parametrize(
    ("model", "url", "advice"),
    [
        ("gpt-5", "", "CAIRN_MODEL"),
        ("nobody:gpt-5", "", "CAIRN_MODEL"),
        ("openai:gpt-5", "", "OPENAI_API_KEY"),
        ("deepseek:chat", URL, "CAIRN_MODEL_URL"),
        ("mistral:large", "", r"pip install 'pydantic-ai-slim\[mistral\]'"),
    ],
)
def test_what_is_missing_is_named(model: str, url: str, advice: str) -> None:
    with pytest.raises(Permanent, match=advice) as raised:
        client(model, ModelSettings(model=model, url=url))

    assert raised.value.code == "engine_not_configured"


def test_an_empty_key_is_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's own library finds that out, with an error that nobody else knows."""
    monkeypatch.setenv("OPENAI_API_KEY", "")

    with pytest.raises(Permanent, match="OPENAI_API_KEY") as raised:
        client("openai:gpt-5", ModelSettings(model="openai:gpt-5"))

    assert raised.value.code == "engine_not_configured"


def test_a_key_is_given_to_no_other_provider() -> None:
    settings = ModelSettings(model="anthropic:claude-x", key="sk-mine")

    with pytest.raises(Permanent):
        client("openai:gpt-5", settings)


def test_the_key_of_the_environment_is_sent_to_no_server_of_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")

    made = client("my-model", ModelSettings(model="my-model", url=URL))

    assert isinstance(made, OpenAIChatModel)
    assert made.client.api_key != "sk-openai"
