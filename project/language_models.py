"""Hand the MODELS setting down to the engines, which know no Django."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from agents.models.settings import ModelSettings, allowed_from, configure


def connect() -> None:
    """Configure the models now, and again whenever the setting is overridden."""
    setting_changed.connect(_again, dispatch_uid="project.language_models")
    configure(model_settings(settings.MODELS))


def model_settings(given: dict[str, Any]) -> ModelSettings:
    """Return the setting as a checked object; a wrong name or value stops the start."""
    fields = {key.lower(): value for key, value in given.items()}
    try:
        return ModelSettings(**fields | {"allowed": allowed_from(list(fields.get("allowed", ())))})
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"The MODELS setting is wrong: {error}") from None


def _again(*, setting: str, value: Any, **_: object) -> None:
    if setting == "MODELS":
        configure(model_settings(value or {}))
