"""Errors as HTTP answers, in one table: `{"error": {"code", "message", "fields"?, ...}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from planning.exceptions import InvalidInput, PlanningError, UnknownCheckpoint
from planning.memory import Refused
from planning.sessions import NotWaiting
from runs.exceptions import (
    AlreadyDecided,
    GateExpired,
    InvalidAnswer,
    InvalidTransition,
    NotAllowed,
    PayloadChanged,
    RunError,
)

STATUS: dict[type[Exception], int] = {
    AlreadyDecided: 409,
    PayloadChanged: 409,
    GateExpired: 409,
    NotWaiting: 409,
    InvalidTransition: 409,
    NotAllowed: 403,
    InvalidAnswer: 400,
    UnknownCheckpoint: 404,
    InvalidInput: 400,
}
CODES = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.ParseError: "malformed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
    exceptions.NotAcceptable: "not_acceptable",
}


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a raised error; None for a bug, which becomes a 500 and a traceback in the log."""
    if isinstance(error, Refused):
        return _answer(error.status, error.code, str(error), fields=error.fields)
    if isinstance(error, InvalidInput):
        return _answer(400, error.code, str(error), fields=error.fields)
    if isinstance(error, RunError):
        return _answer(_status(error), error.code, str(error), **error.details())
    if isinstance(error, PlanningError):
        return _answer(_status(error), error.code, str(error))
    if isinstance(error, exceptions.ValidationError):
        fields = _fields(error.detail)
        message = " ".join(f"{name}: {text}" for name, text in fields.items())
        return _answer(400, "invalid", message, fields=fields)
    return _known(error, context)


def _known(error: Exception, context: dict[str, Any]) -> Response | None:
    response = exception_handler(error, context)
    if response is None:
        return None
    code, message = CODES.get(type(error), "error"), _text(response.data)
    if isinstance(error, Http404 | exceptions.NotFound):
        code, message = "not_found", "There is no such thing, or it is not yours."
    elif isinstance(error, PermissionDenied):
        code = "forbidden"
    response.data = {"error": {"code": code, "message": message}}
    return response


def _status(error: Exception) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def _answer(status: int, code: str, message: str, **more: Any) -> Response:
    return Response({"error": {"code": code, "message": message, **more}}, status=status)


def _fields(detail: Any, name: str = "body") -> dict[str, str]:
    """Flatten DRF's nested errors to one text for each field."""
    if isinstance(detail, dict):
        found: dict[str, str] = {}
        for key, value in detail.items():
            found.update(_fields(value, "body" if key == "non_field_errors" else str(key)))
        return found
    return {name: _text(detail)}


def _text(detail: Any) -> str:
    if isinstance(detail, dict):
        return " ".join(_text(value) for value in detail.values())
    if isinstance(detail, list):
        return " ".join(_text(value) for value in detail)
    return str(detail)
