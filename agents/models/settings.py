"""Which language models may be used, and how. Handed down by the project; read late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from agents.exceptions import Permanent

ENGINE = "pydantic-ai"
# Callers keep the name of an engine; longer ones need a name of their own: `deep=anthropic:...`.
LONGEST_NAME = 40
NOT_CONFIGURED = (
    "No language model is configured. Set CAIRN_MODEL, for example to openai:gpt-5-mini, and "
    "CAIRN_MODEL_KEY; or CAIRN_MODEL_URL for any OpenAI-compatible server."
)

OutputMode = Literal["auto", "native", "tool", "prompted"]
ToolMode = Literal["call", "form"]
Fallback = Literal["none", "offline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """How models are asked.

    `model` is `provider:name` (`openai:`, `anthropic:`, `google:`, `ollama:` and others), or the
    bare name of a model of the OpenAI-compatible server at `url`. `allowed` are further models
    that a session or plan may choose, by the names under which they are chosen. `url` and `key`
    are for the provider of `model` only; others read their own variables, such as
    ANTHROPIC_API_KEY.
    """

    model: str = ""
    url: str = ""
    key: str = field(default="", repr=False)
    allowed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    timeout: float = 120.0  # seconds for one request
    retries: int = 2  # of a request that failed on its way, and of an answer in a wrong form
    max_tokens: int = 4096  # of one answer
    context_tokens: int = 32_768  # of question and answer together
    temperature: float | None = None
    output: OutputMode = "auto"  # how answers in a fixed form are asked for
    tools: ToolMode = "call"  # `form`: for models that call no tools, see agents.models.forms
    fallback: Fallback = "none"  # what answers when the model cannot
    most_requests: int = 12  # of one step

    def __post_init__(self) -> None:
        for name in ("timeout", "max_tokens", "context_tokens", "most_requests"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be more than 0.")
        if self.retries < 0:
            raise ValueError("retries must be 0 or more.")
        if self.context_tokens < 2 * self.max_tokens:
            raise ValueError("context_tokens must be at least twice max_tokens.")
        if self.url and not self.url.startswith(("http://", "https://")):
            raise ValueError("url must start with http:// or https://.")
        for name in self.allowed:
            if len(f"{ENGINE}:{name}") > LONGEST_NAME:
                message = f"{name} is too long a name; give it a shorter one: short={name}."
                raise ValueError(message)

    def engines(self) -> dict[str, str]:
        """Return the model of each engine that may be asked, by the engine's name."""
        found = {ENGINE: self.model} if self.model else {}
        return found | {f"{ENGINE}:{name}": model for name, model in self.allowed.items()}


def allowed_from(entries: list[str]) -> dict[str, str]:
    """Return models by name from entries such as `openai:gpt-5` or `deep=anthropic:claude-x`."""
    pairs = (entry.partition("=") if "=" in entry else (entry, "", entry) for entry in entries)
    return {name.strip(): model.strip() for name, _, model in pairs}


_current = ModelSettings()


def configure(settings: ModelSettings) -> None:
    """Make these the settings of all engines that are made from now on."""
    global _current
    _current = settings


def current() -> ModelSettings:
    return _current


def names() -> tuple[str, ...]:
    """Return the engines that may be asked, the default one first."""
    return tuple(_current.engines())


def check(engine: str) -> str:
    """Return the model of an engine; raise Permanent if it may not be asked."""
    found = _current.engines()
    if engine in found:
        return found[engine]
    if not found:
        raise Permanent(NOT_CONFIGURED, code="engine_not_configured")
    message = (
        f"{engine[:100]} is not allowed here. Choose one of: {', '.join(found)}; "
        "or add the model to CAIRN_MODELS."
    )
    raise Permanent(message, code="unknown_engine")
