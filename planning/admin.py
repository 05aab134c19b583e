"""Plans, what they found, and memory in the admin. Memory can be edited, the rest is to read."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planning import memory
from planning.goal_admin import GoalAdmin
from planning.models import (
    Attachment,
    Checkpoint,
    DataPoint,
    Entity,
    EntityLink,
    Finding,
    GapFound,
    Iteration,
    Plan,
    PlanDocument,
)
from planning.strategy.admin import StrategyAdmin
from runs.rendering import markdown
from streams.admin import ReadOnly, pretty

__all__ = ["StrategyAdmin"]  # the admin looks for models' pages here alone

CSS = {"all": ["css/admin.css"]}


class IterationInline(ReadOnly, admin.TabularInline[Iteration, Plan]):
    model = Iteration
    fields = ("number", "focus", "frameworks", "started_at", "finished_at", "duration_ms")
    show_change_link = True
    extra = 0


class CheckpointInline(ReadOnly, admin.TabularInline[Checkpoint, Plan]):
    model = Checkpoint
    fk_name = "plan"
    fields = ("number", "iteration", "data_points", "next", "gate", "created_at")
    show_change_link = True
    extra = 0


class DocumentInline(ReadOnly, admin.TabularInline[PlanDocument, Plan]):
    model = PlanDocument
    fields = ("name", "title", "kind", "entity", "attachment")
    extra = 0


@admin.register(Plan)
class PlanAdmin(GoalAdmin[Plan]):
    run_has = "events, steps, gates"
    inlines = (IterationInline, CheckpointInline, DocumentInline)
    readonly_fields = ("state", "run_link", "proposal_shown", "final_plan_shown")
    fieldsets = (
        (None, {"fields": ("goal", "state", "run_link", "created_by", "created_at", "engine")}),
        (
            "What was asked for",
            {
                "fields": (
                    ("max_iterations", "checkpoint_interval", "needs_proposal"),
                    ("deadline_seconds", "on_expiry"),
                    ("approvers", "four_eyes", "quorum"),
                    ("branched_from", "first_iteration", "guidance"),
                )
            },
        ),
        ("Proposal", {"fields": ("proposal_shown",), "classes": ("collapse",)}),
        ("Result", {"fields": ("entity", "final_plan_shown")}),
    )

    @admin.display(description="proposal")
    def proposal_shown(self, plan: Plan) -> SafeString:
        return pretty(plan.proposal)

    @admin.display(description="final plan")
    def final_plan_shown(self, plan: Plan) -> SafeString | str:
        return markdown(plan.final_plan) if plan.final_plan else "-"


class FindingInline(ReadOnly, admin.TabularInline[Finding, Iteration]):
    model = Finding
    fields = ("framework", "cell", "text", "citations")
    extra = 0


class GapInline(ReadOnly, admin.TabularInline[GapFound, Iteration]):
    model = GapFound
    verbose_name_plural = "gaps"
    fields = ("framework", "cell", "task")
    extra = 0


class DataPointInline(ReadOnly, admin.TabularInline[DataPoint, Iteration]):
    model = DataPoint
    fields = ("kind", "label", "text", "value", "high", "unit", "document", "sentence")
    extra = 0


@admin.register(Iteration)
class IterationAdmin(ReadOnly, admin.ModelAdmin[Iteration]):
    list_display = ("plan", "number", "focus", "started_at", "finished_at", "duration_ms")
    list_select_related = ("plan",)
    search_fields = ("plan__goal", "focus")
    ordering = ("-started_at",)
    show_full_result_count = False
    inlines = (FindingInline, GapInline, DataPointInline)


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnly, admin.ModelAdmin[Checkpoint]):
    list_display = ("plan", "number", "iteration", "data_points", "decision", "created_at")
    list_select_related = ("plan", "gate")
    search_fields = ("plan__goal",)
    ordering = ("-created_at",)
    show_full_result_count = False
    fields = (
        "plan", "number", "iteration", "gate", "decision", "summary_shown", "frameworks",
        "data_points", "deltas_shown", "insights", "next", "created_at",
    )  # fmt: skip
    readonly_fields = ("decision", "summary_shown", "deltas_shown")

    class Media:
        css = CSS

    def decision(self, checkpoint: Checkpoint) -> str:
        gate = checkpoint.gate
        return (gate.decision or gate.state) if gate else "approve_all"

    @admin.display(description="summary")
    def summary_shown(self, checkpoint: Checkpoint) -> SafeString:
        return markdown(checkpoint.summary)

    @admin.display(description="deltas")
    def deltas_shown(self, checkpoint: Checkpoint) -> SafeString:
        return pretty(checkpoint.deltas)


class EntityForm(forms.ModelForm[Entity]):
    body = forms.CharField(
        max_length=memory.LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        help_text="Markdown; [[slug]] links to another entity.",
    )

    class Meta:
        model = Entity
        fields = ("title", "body")


@admin.register(Entity)
class EntityAdmin(admin.ModelAdmin[Entity]):
    """Memory. The slug stays: it is what links and citations name."""

    form = EntityForm
    list_display = ("title", "slug", "created_by", "updated_at")
    list_filter = (("created_by", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("created_by",)
    search_fields = ("title", "slug", "body")
    ordering = ("-updated_at",)
    show_full_result_count = False
    fields = ("title", "body", "slug", "created_by", "created_at", "updated_at")
    readonly_fields = ("slug", "created_by", "created_at", "updated_at")

    def view_on_site(self, obj: Entity) -> str:
        return reverse("entity", args=[obj.slug])

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Entity, form: Any, change: bool) -> None:
        """Save through memory, and keep the links what the text says."""
        if not change:
            assert isinstance(request.user, User)
            saved = memory.save_entity(title=obj.title, body=obj.body, by=request.user)
            obj.__dict__.update(saved.__dict__)
            return
        super().save_model(request, obj, form, change)
        EntityLink.objects.filter(source=obj).delete()
        EntityLink.objects.bulk_create(
            EntityLink(source=obj, target=target) for target in memory.linked(obj.body)
        )


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly, admin.ModelAdmin[Attachment]):
    list_display = ("upload", "slug", "created_by", "created_at")
    list_filter = (("upload__created_by", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("upload__created_by",)
    search_fields = ("upload__name", "upload__slug", "=id")
    ordering = ("-upload__created_at",)
    show_full_result_count = False
    fields = ("upload", "slug", "created_by", "created_at", "read")
    readonly_fields = ("slug", "created_by", "created_at", "read")

    class Media:
        css = CSS

    def created_by(self, attachment: Attachment) -> str:
        return attachment.upload.created_by.get_username()

    def created_at(self, attachment: Attachment) -> datetime:
        return attachment.upload.created_at

    @admin.display(description="text")
    def read(self, attachment: Attachment) -> SafeString:
        return format_html('<pre class="cairn-text">{}</pre>', attachment.text)
