"""Strategies in the admin, to read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planning.models import Strategy, StrategyDocument, StrategyStep
from runs.rendering import markdown
from streams.admin import ReadOnly, short


class StepInline(ReadOnly, admin.TabularInline[StrategyStep, Strategy]):
    model = StrategyStep
    fields = ("number", "name", "state", "duration_ms", "achievement", "error_message")
    extra = 0


class DocumentInline(ReadOnly, admin.TabularInline[StrategyDocument, Strategy]):
    model = StrategyDocument
    fields = ("name", "title", "kind", "entity", "attachment")
    extra = 0


@admin.register(Strategy)
class StrategyAdmin(ReadOnly, admin.ModelAdmin[Strategy]):
    list_display = ("title", "state", "progress", "created_by", "engine", "created_at", "entity")
    list_filter = ("run__state", "engine", ("created_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("run", "created_by", "entity")
    search_fields = ("goal", "=id", "=run__id", "created_by__username")
    ordering = ("-created_at",)
    show_full_result_count = False
    list_per_page = 50
    inlines = (StepInline, DocumentInline)
    readonly_fields = ("state", "run_link", "document_shown")
    fieldsets = (
        (None, {"fields": ("goal", "state", "run_link", "created_by", "created_at", "engine")}),
        ("Result", {"fields": ("entity", "document_shown")}),
    )

    class Media:
        css = {"all": ["css/admin.css"]}

    @admin.display(description="goal", ordering="goal")
    def title(self, strategy: Strategy) -> str:
        return short(strategy.goal, 80)

    @admin.display(ordering="run__state")
    def state(self, strategy: Strategy) -> str:
        return strategy.run.state

    @admin.display(ordering="run__progress")
    def progress(self, strategy: Strategy) -> str:
        return f"{strategy.run.progress:.0f} %"

    @admin.display(description="run")
    def run_link(self, strategy: Strategy) -> str:
        url = reverse("admin:runs_run_change", args=[strategy.run_id])
        return format_html('<a href="{}">{}</a> (events, steps)', url, strategy.run_id)

    @admin.display(description="document")
    def document_shown(self, strategy: Strategy) -> SafeString | str:
        return markdown(strategy.document) if strategy.document else "-"
