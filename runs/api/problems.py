"""What an answer says of a problem, alike whether REST framework gives it or not."""

from typing import Any

from django.http import HttpResponseBase


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


def hinted(response: HttpResponseBase, *, allow: str) -> HttpResponseBase:
    """Add the header that says what would do: how to sign in, or which method to use."""
    if response.status_code == 401:
        response.headers.setdefault("WWW-Authenticate", "Token")
    if response.status_code == 405:
        response.headers.setdefault("Allow", allow)
    return response
