"""The client of a model, made of its name and the settings."""

from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import Provider, infer_provider, infer_provider_class
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from agents.models.errors import not_configured, translated
from agents.models.settings import ModelSettings

# What a server of one's own may be called before the name of its model.
COMPATIBLE = ("openai", "openai-chat")


def client(model: str, settings: ModelSettings) -> Model:
    """Return the client of a model; raise Permanent (`engine_not_configured`) if there is none.

    The key and the address are those of the default model's provider, and are given to no other.
    """
    with translated(model):
        provider, name = _split(model)
        is_default = provider == _split(settings.model)[0]
        url, key = (settings.url, settings.key) if is_default else ("", "")
        if url:
            return _at(url, key, provider, name, model)
        if not provider:
            raise not_configured(model)
        return _made(model, key)


def _made(model: str, key: str) -> Model:
    try:
        return infer_model(model, lambda wanted: _provider(wanted, key))
    except (UserError, ImportError):  # say themselves what is missing
        raise
    except Exception:  # noqa: BLE001 - each provider's library has errors of its own
        # Nobody has been asked yet: whatever it is, it is about the configuration.
        raise not_configured(model) from None


def _split(model: str) -> tuple[str, str]:
    """Return provider and name; `qwen3:4b` is a name, because there is no such provider."""
    provider, colon, name = model.partition(":")
    if not colon:
        return "", model
    try:
        infer_provider_class(provider)
    except ValueError:
        return "", model
    except ImportError:  # known, but its package is missing: said when it is used
        return provider, name
    return provider, name


def _at(url: str, key: str, provider: str, name: str, model: str) -> Model:
    if provider == "ollama":
        return OllamaModel(name, provider=OllamaProvider(base_url=url, api_key=key or None))
    if provider and provider not in COMPATIBLE:
        raise not_configured(model, UserError("An address needs an OpenAI-compatible server."))
    # OpenAI's own key in the environment is never sent to another server.
    server = OpenAICompatibleProvider("openai-compatible", base_url=url, api_key=key or None)
    return OpenAIChatModel(name, provider=server)


def _provider(name: str, key: str) -> Provider[Any]:
    if not key:
        return infer_provider(name)
    make: Any = infer_provider_class(name)
    made: Provider[Any] = make(api_key=key)
    return made
