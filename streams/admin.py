"""The log in the admin: to read, never to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from streams.models import StreamEvent


class ReadOnly:
    """Nobody adds, changes or deletes these rows by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StreamEvent)
class StreamEventAdmin(ReadOnly, admin.ModelAdmin[StreamEvent]):
    list_display = ("position", "type", "stream", "body")
    list_filter = ("type",)
    search_fields = ("=stream__id", "type")
    ordering = ("stream", "position")
    show_full_result_count = False
    list_per_page = 50
