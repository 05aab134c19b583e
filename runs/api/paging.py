"""Lists in pages, by cursor."""

from base64 import b64decode
from typing import Any

from django.core.exceptions import ValidationError as BadValue
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """`{next, previous, results}`, the newest first; `?limit=` up to 100."""

    ordering: tuple[str, ...] = ("-created_at", "-pk")
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        is_whole = given.isascii() and given.isdigit() and len(given) < 10
        if not is_whole or not 1 <= int(given) <= self.max_page_size:
            message = f"limit must be a whole number from 1 to {self.max_page_size}."
            raise ValidationError({"limit": message})
        return int(given)

    def decode_cursor(self, request: Request) -> Any:
        given = request.query_params.get(self.cursor_query_param)
        if given is not None:
            b64decode(given.encode("ascii"), validate=True)  # raises ValueError
        return super().decode_cursor(request)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, BadValue, ValueError, OverflowError):
            message = "cursor is not one of ours; leave it out to start at the newest."
            raise ValidationError({"cursor": message}) from None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == "limit":
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 100}
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }
