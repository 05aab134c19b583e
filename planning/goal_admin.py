"""What the admin shows of everything that works on a goal in a run of its own."""

from typing import TypeVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from planning.models import Plan, Strategy
from streams.admin import ReadOnly, short

Work = TypeVar("Work", Plan, Strategy)


class GoalAdmin(ReadOnly, admin.ModelAdmin[Work]):
    """To read: the goal, how far its run is, and the way to that run."""

    list_display = ("title", "state", "progress", "created_by", "engine", "created_at", "entity")
    list_filter = ("run__state", "engine", ("created_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("run", "created_by", "entity")
    search_fields = ("goal", "=id", "=run__id", "created_by__username")
    ordering = ("-created_at",)
    show_full_result_count = False
    list_per_page = 50
    run_has = "events, steps"

    class Media:
        css = {"all": ["css/admin.css"]}

    @admin.display(description="goal", ordering="goal")
    def title(self, work: Work) -> str:
        return short(work.goal, 80)

    @admin.display(ordering="run__state")
    def state(self, work: Work) -> str:
        return work.run.state

    @admin.display(ordering="run__progress")
    def progress(self, work: Work) -> str:
        return f"{work.run.progress:.0f} %"

    @admin.display(description="run")
    def run_link(self, work: Work) -> str:
        url = reverse("admin:runs_run_change", args=[work.run_id])
        return format_html('<a href="{}">{}</a> ({})', url, work.run_id, self.run_has)
