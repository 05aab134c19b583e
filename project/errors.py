"""Errors as HTTP answers, in one table: `{"error": {"code", "message", "fields"?, ...}}`."""

import logging
import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from chat.exceptions import (
    ChatError,
    InvalidMessage,
    NotReady,
    UnknownBranch,
    UnknownFile,
    UnknownMessage,
)
from files.exceptions import FileError, InUse, Refused
from planning.exceptions import InvalidInput, PlanningError, UnknownCheckpoint
from planning.sessions import NotWaiting
from runs.api.parsers import TooLarge
from runs.api.problems import fields_of, text_of
from runs.exceptions import (
    AlreadyDecided,
    GateExpired,
    InvalidAnswer,
    InvalidTransition,
    NotAllowed,
    PayloadChanged,
    RunError,
)
from streams import database

logger = logging.getLogger(__name__)
STATUS: dict[type[Exception], int] = {
    AlreadyDecided: 409,
    PayloadChanged: 409,
    GateExpired: 409,
    NotWaiting: 409,
    InUse: 409,
    InvalidTransition: 409,
    NotAllowed: 403,
    InvalidAnswer: 400,
    UnknownCheckpoint: 404,
    InvalidInput: 400,
    NotReady: 409,
    UnknownBranch: 404,
    UnknownFile: 404,
    UnknownMessage: 404,
    InvalidMessage: 400,
}
# Of a file that is not kept; any other code is 400.
REFUSED = {
    "too_large": 413,
    "quota": 413,
    "unsupported_type": 415,
    "type_mismatch": 415,
    "storage": 503,
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
    TooLarge: "too_large",
}
# What the details of an error may not repeat: an error's body ends up in logs.
PRIVATE = frozenset({"comment"})
NOT_FOUND = "There is no such thing, or it is not yours."
API = ("/api/", "/contexts/", "/datamodel/", "/ai-sdk/", "/ag-ui/")  # where errors are JSON


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a raised error; None for a bug, which becomes a 500 and a traceback in the log."""
    if isinstance(error, Refused):
        status = REFUSED.get(error.code, 400)
        return _answer(status, error.code, str(error), fields=error.fields)
    if isinstance(error, InvalidInput | InvalidMessage):
        return _answer(400, error.code, str(error), fields=error.fields)
    if isinstance(error, RunError):
        details = {name: value for name, value in error.details().items() if name not in PRIVATE}
        return _answer(_status(error), error.code, str(error), **details)
    if isinstance(error, PlanningError | ChatError | FileError):
        return _answer(_status(error), error.code, str(error))
    if isinstance(error, exceptions.ValidationError):
        fields = fields_of(error.detail)
        message = " ".join(f"{name}: {text}" for name, text in fields.items())
        return _answer(400, "invalid", message, fields=fields)
    if isinstance(error, RequestDataTooBig):
        return _answer(413, "too_large", "The body is too large.")
    if isinstance(error, SuspiciousOperation):
        return _answer(400, "malformed", "The request is malformed.")
    return _known(error, context)


# The database cannot be written or reached; what was begun in it was taken back.
NO_STORAGE = (OperationalError, InterfaceError)
RETRY_SECONDS = "10"
REFUSED_BY_STORAGE = (
    "The database refused this; is it up, or its disk full? Nothing was changed. Try again."
)


def _no_storage(error: Exception) -> Response:
    logger.error("The database refused a request. %s", database.cause(error), exc_info=error)
    response = _answer(503, "storage", REFUSED_BY_STORAGE)
    response["Retry-After"] = RETRY_SECONDS
    return response


def _known(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, NO_STORAGE):
        return _no_storage(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    code, message = CODES.get(type(error), "error"), text_of(response.data)
    if isinstance(error, Http404 | exceptions.NotFound):
        code, message = "not_found", NOT_FOUND
    elif message.startswith("CSRF"):
        code = "csrf"
    elif isinstance(error, PermissionDenied):
        code = "forbidden"
    response.data = {"error": {"code": code, "message": message}}
    return response


def _status(error: Exception) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def _answer(status: int, code: str, message: str, **more: Any) -> Response:
    return Response({"error": {"code": code, "message": message, **more}}, status=status)


# What Django itself refuses, before a view or instead of one. `project.urls` names these.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return _plain(413, "too_large", "The body is too large.")
    return _plain(400, "malformed", "The request is malformed.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    return _plain(404, "not_found", NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what a view raised: 503 when the database did, which passes, else 500."""
    error = sys.exception()
    if isinstance(error, NO_STORAGE):
        return _no_storage_now(request, error)
    if not request.path.startswith(API):
        return defaults.server_error(request)
    return _plain(500, "internal", "The server made an error; it has been logged.")


def _no_storage_now(request: HttpRequest, error: BaseException) -> HttpResponse:
    logger.error("The database refused a request. %s", database.cause(error))
    if request.path.startswith(API):
        response = _plain(503, "storage", REFUSED_BY_STORAGE)
    else:
        response = HttpResponse(REFUSED_BY_STORAGE, content_type="text/plain", status=503)
    response["Retry-After"] = RETRY_SECONDS
    return response


def _plain(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)
