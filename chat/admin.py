"""Chats in the admin: sessions, what was said in them, their branches and data. To read."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chat import texts
from chat.models import Branch, ChatSession, DataSet, Message
from streams.admin import ReadOnly, pretty, short
from streams.models import MessageChunk

CSS = {"all": ["css/admin.css"]}


def _messages_url(**of: object) -> str:
    query = "&".join(f"{name}__exact={value}" for name, value in of.items())
    return f"{reverse('admin:chat_message_changelist')}?{query}"


def _events_link(stream_id: object) -> str:
    url = f"{reverse('admin:streams_streamevent_changelist')}?q={stream_id}"
    return format_html('<a href="{}">Show the events</a>', url)


class BranchInline(ReadOnly, admin.TabularInline[Branch, ChatSession]):
    model = Branch
    fields = ("name", "parent", "fork_turn", "created_by", "created_at", "said")
    readonly_fields = ("created_at", "said")
    extra = 0

    @admin.display(description="messages")
    def said(self, branch: Branch) -> str:
        url = _messages_url(branch__id=branch.pk)
        return format_html('<a href="{}">Show its own</a>', url)


@admin.register(ChatSession)
class ChatSessionAdmin(ReadOnly, admin.ModelAdmin[ChatSession]):
    list_display = ("title", "created_by", "data_set", "mode", "turns", "engine", "updated_at")
    list_filter = ("mode", "engine", "demo", ("created_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("created_by", "data_set")
    search_fields = ("title", "data_set__name", "=id", "=stream__id", "created_by__username")
    ordering = ("-updated_at",)
    show_full_result_count = False
    list_per_page = 50
    inlines = (BranchInline,)
    readonly_fields = ("messages_link", "runs_link", "events_link", "allowed", "folder")
    fieldsets = (
        (None, {"fields": ("title", "created_by", "created_at", "updated_at")}),
        ("What happened", {"fields": ("messages_link", "runs_link", "events_link")}),
        (
            "What it works with",
            {
                "fields": (
                    "data_set",
                    "demo",
                    "uploads",
                    "mode",
                    "engine",
                    "allowed",
                    "deadline_seconds",
                    "folder",
                )
            },
        ),
    )

    @admin.display(description="messages")
    def messages_link(self, session: ChatSession) -> str:
        url = _messages_url(session__id=session.pk)
        return format_html('<a href="{}">{} messages</a>', url, session.messages.count())

    @admin.display(description="runs")
    def runs_link(self, session: ChatSession) -> str:
        url = f"{reverse('admin:runs_run_changelist')}?q={session.stream_id}"
        return format_html('<a href="{}">Show the runs</a>', url)

    @admin.display(description="events")
    def events_link(self, session: ChatSession) -> str:
        return _events_link(session.stream_id)

    @admin.display(description="tools that need not ask")
    def allowed(self, session: ChatSession) -> str:
        return ", ".join(session.auto_approve) or "-"

    @admin.display(description="folder of its files")
    def folder(self, session: ChatSession) -> str:
        return str(session.workspace)


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin[Message]):
    """Each message with all of its text, and all that an engine gave to make it."""

    list_display = ("begins", "role", "status", "turn", "session", "branch", "created_at")
    list_filter = ("role", "status")
    list_select_related = ("session", "branch")
    search_fields = ("session__title", "=id", "=run__id", "created_by__username")
    search_help_text = "Words of the text or of the chat's title, an id, or a user's name."
    ordering = ("-created_at",)
    show_full_result_count = False
    list_per_page = 50
    fields = (
        "session_link", "branch", "turn", "role", "status", "created_by", "created_at",
        "run_link", "step", "text", "parts_shown", "memory_shown", "events_link",
    )  # fmt: skip
    readonly_fields = (
        "session_link", "run_link", "text", "parts_shown", "memory_shown", "events_link",
    )  # fmt: skip

    class Media:
        css = CSS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        first = MessageChunk.objects.filter(message_id=OuterRef("pk"), sequence=1)
        return super().get_queryset(request).annotate(beginning=Subquery(first.values("text")[:1]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, may_repeat
        said = MessageChunk.objects.filter(text__icontains=search_term.strip())
        ids = Q(pk__in=found.values("pk")) | Q(pk__in=said.values("message_id"))
        return queryset.filter(ids), False

    @admin.display(description="text")
    def begins(self, message: Any) -> str:
        return short(message.beginning or "", 80) or f"({message.status}, no text)"

    @admin.display(description="session")
    def session_link(self, message: Message) -> str:
        url = reverse("admin:chat_chatsession_change", args=[message.session_id])
        return format_html('<a href="{}">{}</a>', url, message.session.title)

    @admin.display(description="run")
    def run_link(self, message: Message) -> str:
        if message.run_id is None:
            return "-"
        url = reverse("admin:runs_run_change", args=[message.run_id])
        return format_html('<a href="{}">{}</a> (steps, gates)', url, message.run_id)

    def text(self, message: Message) -> SafeString:
        written = texts.of([message.pk])[message.pk].text
        return format_html('<pre class="cairn-text">{}</pre>', written)

    @admin.display(description="parts (what the engine gave)")
    def parts_shown(self, message: Message) -> SafeString:
        return pretty(message.parts)

    @admin.display(description="memory (the engine's own notes)")
    def memory_shown(self, message: Message) -> SafeString:
        return pretty(message.memory)

    @admin.display(description="events")
    def events_link(self, message: Message) -> str:
        return _events_link(message.session.stream_id)


@admin.register(Branch)
class BranchAdmin(ReadOnly, admin.ModelAdmin[Branch]):
    list_display = ("name", "session", "parent", "fork_turn", "created_by", "created_at")
    list_select_related = ("session", "parent", "created_by")
    search_fields = ("name", "session__title", "=id", "=session__id")
    ordering = ("-created_at",)
    show_full_result_count = False
    fields = ("session", "name", "parent", "fork_turn", "created_by", "created_at")


@admin.register(DataSet)
class DataSetAdmin(ReadOnly, admin.ModelAdmin[DataSet]):
    list_display = ("name", "tables", "quality", "sessions_count", "profiled_at", "created_at")
    list_filter = (("profiled_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "=key", "=id")
    ordering = ("-created_at",)
    show_full_result_count = False
    fields = ("name", "key", "profiled_at", "created_at", "folder_shown", "model_shown")
    readonly_fields = ("folder_shown", "model_shown")

    class Media:
        css = CSS

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataSet]:
        return super().get_queryset(request).annotate(uses=Count("sessions"))

    def tables(self, data_set: DataSet) -> str:
        return str(len(data_set.model["tables"])) if data_set.model else "-"

    def quality(self, data_set: DataSet) -> str:
        return f"{data_set.model['quality']['score']:.0f}" if data_set.model else "-"

    @admin.display(description="chats")
    def sessions_count(self, data_set: Any) -> int:
        return int(data_set.uses)

    @admin.display(description="folder")
    def folder_shown(self, data_set: DataSet) -> str:
        return str(data_set.folder)

    @admin.display(description="data model")
    def model_shown(self, data_set: DataSet) -> SafeString:
        return pretty(data_set.model)
