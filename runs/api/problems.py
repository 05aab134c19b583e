"""REST framework's nested errors as one text for each field."""

from typing import Any


def fields_of(detail: Any) -> dict[str, str]:
    """Return what is wrong with each field of the body, or with the `body` itself."""
    if not isinstance(detail, dict):
        return {"body": text_of(detail)}
    named = {"body" if key == "non_field_errors" else str(key): detail[key] for key in detail}
    return {name: text_of(value) for name, value in named.items()}


def text_of(detail: Any) -> str:
    """Return all texts of an error, each once."""
    if isinstance(detail, dict):
        detail = list(detail.values())
    if isinstance(detail, list):
        return " ".join(dict.fromkeys(text_of(value) for value in detail))
    return str(detail)
