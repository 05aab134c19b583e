"""The log in the admin: to read, never to change."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from streams.events import KNOWN
from streams.models import MessageChunk, Stream, StreamEvent
from streams.traffic import connections

SHOWN = 160  # characters of an event's data in a list


class ReadOnly:
    """Nobody adds, changes or deletes these rows by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def pretty(value: Any) -> SafeString:
    """Return JSON as people read it."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return format_html('<pre class="cairn-text">{}</pre>', text)


def short(text: str, length: int = SHOWN) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


class TypeFilter(admin.SimpleListFilter):
    """The types that the code knows: listing those in the log would read all of it."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(KNOWN)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[StreamEvent]
    ) -> QuerySet[StreamEvent]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(StreamEvent)
class StreamEventAdmin(ReadOnly, admin.ModelAdmin[StreamEvent]):
    list_display = ("position", "type", "stream_link", "timestamp", "data")
    list_filter = (TypeFilter,)
    search_fields = ("type",)
    search_help_text = "A type, or the id of a stream."
    ordering = ("stream", "position")
    show_full_result_count = False
    list_per_page = 50
    fields = (
        "stream_link",
        "position",
        "type",
        "is_last",
        "message_id",
        "sequence",
        "text",
        "json",
    )
    readonly_fields = ("stream_link", "text", "json")

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StreamEvent], search_term: str
    ) -> tuple[QuerySet[StreamEvent], bool]:
        try:
            return queryset.filter(stream=UUID(search_term.strip())), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)

    @admin.display(description="stream")
    def stream_link(self, event: StreamEvent) -> str:
        url = reverse("admin:streams_stream_change", args=[event.stream_id])
        return format_html('<a href="{}">{}</a>', url, event.stream_id)

    @admin.display(description="time")
    def timestamp(self, event: StreamEvent) -> str:
        return str(json.loads(event.body).get("timestamp", ""))

    def data(self, event: StreamEvent) -> str:
        return short(json.dumps(json.loads(event.body)["data"], ensure_ascii=False))

    @admin.display(description="event")
    def json(self, event: StreamEvent) -> SafeString:
        return pretty(json.loads(event.body))

    @admin.display(description="text")
    def text(self, event: StreamEvent) -> SafeString | str:
        if event.message_id is None or event.sequence is None:
            return "-"
        chunk = MessageChunk.objects.filter(message_id=event.message_id, sequence=event.sequence)
        text = chunk.values_list("text", flat=True).first()
        return format_html('<pre class="cairn-text">{}</pre>', text or "")


@admin.register(Stream)
class StreamAdmin(ReadOnly, admin.ModelAdmin[Stream]):
    list_display = ("id", "first_position", "last_position", "created_at", "closed_at", "events")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    ordering = ("-created_at",)
    search_fields = ("=id",)
    show_full_result_count = False
    list_per_page = 50
    fields = ("id", "first_position", "last_position", "created_at", "closed_at", "events")
    readonly_fields = ("events",)

    def events(self, stream: Stream) -> str:
        url = f"{reverse('admin:streams_streamevent_changelist')}?q={stream.pk}"
        return format_html('<a href="{}">Show the events</a>', url)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say how many connections this process serves, besides what the log holds."""
        subtitle = f"{len(connections.open())} connections are open in this process"
        return super().changelist_view(request, {"subtitle": subtitle, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.connections_view)
        return [path("connections/", view, name="streams_connections"), *super().get_urls()]

    def connections_view(self, request: HttpRequest) -> HttpResponse:
        """Show who watches what in this process, how long, and how far each has come."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = connections.open()
        users = User.objects.in_bulk({one.watched.user_id for one in found} - {None})
        streams = Stream.objects.in_bulk({one.watched.stream_id for one in found})
        rows = [
            {
                "traffic": one,
                "user": users.get(one.watched.user_id or 0),
                "behind": stream.last_position - one.position if stream else 0,
            }
            for one in found
            for stream in [streams.get(one.watched.stream_id)]
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Open connections",
            "opts": self.opts,
            "connections": rows,
        }
        return TemplateResponse(request, "admin/streams/stream/connections.html", context)
