"""The Idempotency-Key header."""

from django.http import HttpRequest
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LONGEST = 150
HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": LONGEST},
    OpenApiParameter.HEADER,
    description="Printable characters. The same key gives the first answer again.",
)


def key(request: Request | HttpRequest, scope: str) -> str | None:
    """Return the request's key, made unique for a kind of request; None without a header."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return None
    if len(given) > LONGEST or not given.isprintable():
        message = f"Idempotency-Key may have at most {LONGEST} printable characters."
        raise ValidationError({"Idempotency-Key": message})
    return f"{scope}:{given}"
