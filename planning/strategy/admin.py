"""Strategies in the admin, to read."""

from django.contrib import admin
from django.utils.safestring import SafeString

from planning.goal_admin import GoalAdmin
from planning.models import Strategy, StrategyDocument, StrategyStep
from runs.rendering import markdown
from streams.admin import ReadOnly


class StepInline(ReadOnly, admin.TabularInline[StrategyStep, Strategy]):
    model = StrategyStep
    fields = ("number", "name", "state", "duration_ms", "achievement", "error_message")
    extra = 0


class DocumentInline(ReadOnly, admin.TabularInline[StrategyDocument, Strategy]):
    model = StrategyDocument
    fields = ("name", "title", "kind", "entity", "attachment")
    extra = 0


@admin.register(Strategy)
class StrategyAdmin(GoalAdmin[Strategy]):
    inlines = (StepInline, DocumentInline)
    readonly_fields = ("state", "run_link", "document_shown")
    fieldsets = (
        (None, {"fields": ("goal", "state", "run_link", "created_by", "created_at", "engine")}),
        ("Result", {"fields": ("entity", "document_shown")}),
    )

    @admin.display(description="document")
    def document_shown(self, strategy: Strategy) -> SafeString | str:
        return markdown(strategy.document) if strategy.document else "-"
