"""What goes wrong with a language model, as the errors of a step.

The messages never hold what was asked or answered, nor what the provider said: a provider may
repeat the prompt. The log gets the kind of error and the model's name.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic_ai import exceptions as theirs

from agents.exceptions import AgentError, Cancelled, Permanent, Retryable

logger = logging.getLogger(__name__)
TOO_LONG = re.compile(
    r"context[ _-]?(?:length|window|size)|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
REFUSED = re.compile(r"content[ _-]?(?:filter|policy|management)|safety|moderation", re.IGNORECASE)


@contextmanager
def translated(model: str) -> Iterator[None]:
    """Raise the errors of pydantic-ai as those of a step; others pass."""
    try:
        yield
    except AgentError:
        raise
    except (theirs.AgentRunError, theirs.UserError, ImportError, ConnectionError) as error:
        status = getattr(error, "status_code", "")
        kind = type(error).__name__
        logger.warning("Model failed model=%s error=%s status=%s", model, kind, status)
        # Without a cause: its text and its request hold what must not be logged.
        raise translate(error, model) from None


def translate(error: Exception, model: str) -> AgentError:
    """Return the error of a step that stands for one of pydantic-ai."""
    if isinstance(error, theirs.RunTimedOut | theirs.ModelRequestTimeout):
        return _late(model)
    if isinstance(error, theirs.RunCancelled):
        return Cancelled()
    if isinstance(error, theirs.UserError | ImportError):
        return not_configured(model, error)
    if isinstance(error, theirs.ModelAPIError):
        return _refused_request(error, model)
    if isinstance(error, theirs.AgentRunError):
        return _bad_answer(error, model)
    return _unreachable(model)


def not_configured(model: str, error: Exception | None = None) -> Permanent:
    if isinstance(error, ImportError):
        provider = model.partition(":")[0]
        advice = f"Install its package: pip install 'pydantic-ai-slim[{provider}]'"
    else:
        advice = (
            "Set CAIRN_MODEL to provider:name, and CAIRN_MODEL_KEY or the provider's own variable "
            "(OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY); or CAIRN_MODEL_URL"
        )
    return Permanent(
        f"The language model {model} cannot be used as it is configured. {advice}.",
        code="engine_not_configured",
    )


def _refused_request(error: theirs.ModelAPIError, model: str) -> AgentError:
    """Return the error for what a provider said no to, or did not answer."""
    status: int = getattr(error, "status_code", 0)
    if isinstance(error, theirs.ModelAuthenticationError) or status in (401, 403):
        message = f"The provider of {model} refused the key. Check CAIRN_MODEL_KEY and its rights."
        return Permanent(message, code="bad_key")
    if isinstance(error, theirs.ModelQuotaExceededError) or status == 402:
        message = f"The account for {model} is used up. Top it up, or choose another model."
        return Permanent(message, code="quota_exceeded")
    if isinstance(error, theirs.ModelRateLimitError) or status == 429:
        message = f"{model} is asked too often at the moment."
        return Retryable(message, code="rate_limited", retry_after=error.retry_after)
    if isinstance(error, theirs.ModelNotFoundError) or status == 404:
        return not_configured(model)
    if isinstance(error, theirs.ModelTimeoutError) or status == 408:
        return _late(model)
    if isinstance(error, theirs.ModelRequestRejectedError) or 400 <= status < 500:
        return _rejected(error, model)
    return _unreachable(model, error.retry_after)


def _rejected(error: theirs.ModelAPIError, model: str) -> Permanent:
    told = f"{error.provider_error_code} {error.provider_error_type} {_words(error.body)}"
    if isinstance(error, theirs.ModelContextWindowExceededError) or TOO_LONG.search(told):
        message = (
            f"The conversation is longer than {model} can read. Ask in a new session, or refer to "
            "fewer and shorter files."
        )
        return Permanent(message, code="context_too_long")
    if REFUSED.search(told):
        return _refusal(model)
    message = f"{model} did not take the request. It may be no model for chats with tools."
    return Permanent(message, code="request_rejected")


def _bad_answer(error: theirs.AgentRunError, model: str) -> AgentError:
    """Return the error for what a model answered."""
    if isinstance(error, theirs.ContentFilterError):
        return _refusal(model)
    if isinstance(error, theirs.UsageLimitExceeded):
        message = f"{model} used its tools without coming to an answer, and was stopped."
        return Permanent(message, code="too_deep")
    if isinstance(error, theirs.OutputTokenLimitExceeded):
        message = f"The answer of {model} was cut off. Raise CAIRN_MODEL_TOKENS."
        return Permanent(message, code="output_too_long")
    message = f"{model} gave no answer in the form that it was asked for."
    return Permanent(message, code="bad_output")


def _refusal(model: str) -> Permanent:
    message = f"{model} refused to answer this. Ask in other words, or use the offline engine."
    return Permanent(message, code="model_refused")


def _late(model: str) -> Retryable:
    message = f"{model} did not answer in time. CAIRN_MODEL_TIMEOUT says how long it may take."
    return Retryable(message, code="model_timeout")


def _unreachable(model: str, retry_after: float | None = None) -> Retryable:
    message = f"{model} cannot be reached, or is out of order at the moment."
    return Retryable(message, code="model_unavailable", retry_after=retry_after)


def _words(body: Any) -> str:
    """Return what a provider said, to look for words in it; it goes nowhere else."""
    return str(body)[:2000]
