"""Runs and gates in the admin: to read, to stop, and to decide through the same functions as
everywhere else. No row is added, changed or deleted here.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from runs import actions, pages, usage
from runs.exceptions import InvalidTransition
from runs.models import Answer, Gate, Run, Step
from streams.admin import ReadOnly, pretty, short
from streams.models import StreamEvent

EVENTS_SHOWN = 50
CSS = {"all": ["css/admin.css"]}


class StepInline(ReadOnly, admin.TabularInline[Step, Run]):
    model = Step
    fields = ("name", "started_at", "finished_at", "duration", "restarts", "usage")
    readonly_fields = ("duration",)
    extra = 0


class GateInline(ReadOnly, admin.TabularInline[Gate, Run]):
    model = Gate
    fields = ("name", "kind", "state", "decision", "decided_by", "via", "deadline")
    show_change_link = True
    extra = 0


def run_link(run: Run) -> str:
    return format_html(
        '<a href="{}">{} {}</a>',
        reverse("admin:runs_run_change", args=[run.pk]),
        run.kind,
        str(run.pk)[:8],
    )


@admin.register(Run)
class RunAdmin(ReadOnly, admin.ModelAdmin[Run]):
    list_display = ("short_id", "kind", "state", "percent", "created_by", "created_at", "message")
    list_filter = ("state", "kind", ("created_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("created_by",)
    search_fields = ("=id", "=stream__id", "created_by__username", "message", "error_message")
    ordering = ("-created_at",)
    show_full_result_count = False
    list_per_page = 50
    actions = ("cancel_runs", "pause_runs", "resume_runs")
    inlines = (StepInline, GateInline)
    change_form_template = "admin/runs/run/change_form.html"
    readonly_fields = ("percent", "stream_link", "arguments_shown", "used")
    fieldsets = (
        (
            None,
            {"fields": ("id", "kind", "state", "created_by", "percent", "step", "message", "used")},
        ),
        ("Failure", {"fields": ("error_code", "error_message")}),
        ("Times", {"fields": ("created_at", "queued_at", "started_at", "finished_at")}),
        (
            "Execution",
            {
                "fields": (
                    ("segment", "fence", "attempts", "max_attempts"),
                    ("lease_owner", "lease_until", "not_before"),
                    ("cancel_requested", "pause_requested"),
                    ("stream_link", "idempotency_key"),
                    "arguments_shown",
                ),
                "classes": ("collapse",),
            },
        ),
    )

    class Media:
        css = CSS

    @admin.display(description="run", ordering="id")
    def short_id(self, run: Run) -> str:
        return str(run.pk)[:8]

    @admin.display(description="progress", ordering="progress")
    def percent(self, run: Run) -> str:
        return f"{run.progress:.0f} %"

    @admin.display(description="language model")
    def used(self, run: Run) -> str:
        return usage.words(usage.of(run)) or "not asked"

    @admin.display(description="stream")
    def stream_link(self, run: Run) -> str:
        url = f"{reverse('admin:streams_streamevent_changelist')}?q={run.stream_id}"
        return format_html('<a href="{}">{}</a>', url, run.stream_id)

    @admin.display(description="arguments")
    def arguments_shown(self, run: Run) -> SafeString:
        return pretty(run.arguments)

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Whether the user may stop other people's runs: Django's permission to change one."""
        return bool(request.user.has_perm("runs.change_run"))

    @admin.action(description="Cancel the selected runs", permissions=["control"])
    def cancel_runs(self, request: HttpRequest, queryset: QuerySet[Run]) -> HttpResponse | None:
        reason = f"Cancelled by {request.user} in the admin."

        def cancel(run_id: UUID) -> Run:
            return actions.cancel(run_id, reason=reason)

        return self._control(request, queryset, cancel, "Asked to cancel")

    @admin.action(description="Pause the selected runs", permissions=["control"])
    def pause_runs(self, request: HttpRequest, queryset: QuerySet[Run]) -> HttpResponse | None:
        return self._control(request, queryset, actions.pause, "Asked to pause")

    @admin.action(description="Resume the selected runs", permissions=["control"])
    def resume_runs(self, request: HttpRequest, queryset: QuerySet[Run]) -> HttpResponse | None:
        return self._control(request, queryset, actions.resume, "Resumed")

    def _control(
        self,
        request: HttpRequest,
        queryset: QuerySet[Run],
        act: Callable[[UUID], Run],
        told: str,
    ) -> HttpResponse | None:
        """Do it to each run by itself; one that cannot be done stops none of the others."""
        runs = list(queryset)
        for run in runs:
            try:
                changed = act(run.pk)
            except InvalidTransition as error:
                self.message_user(request, f"{str(run.pk)[:8]}: {error}", messages.ERROR)
                continue
            self.log_change(request, run, f"{told}.")
            state = f"{told}: {run.kind} {str(run.pk)[:8]} is {changed.state} now."
            self.message_user(request, state, messages.SUCCESS)
        if "_run_page" in request.POST and len(runs) == 1:
            return redirect("admin:runs_run_change", runs[0].pk)
        return None

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a run with a page of its stream, the newest events first."""
        shown: dict[str, Any] = {"may_control": self.has_control_permission(request)}
        if run := self.get_object(request, object_id):
            events = StreamEvent.objects.filter(stream=run.stream_id).order_by("-position")
            pages = Paginator(events, EVENTS_SHOWN)
            page = pages.get_page(request.GET.get("events"))
            shown |= {"events": page, "rows": [_row(event) for event in page.object_list]}
            shown["pending"] = run.gates.filter(state=Gate.State.PENDING).first()
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})


def _row(event: StreamEvent) -> dict[str, Any]:
    body = json.loads(event.body)
    return {
        "event": event,
        "timestamp": body.get("timestamp", ""),
        "data": short(json.dumps(body["data"], ensure_ascii=False), 300),
    }


class AnswerInline(ReadOnly, admin.TabularInline[Answer, Gate]):
    model = Answer
    verbose_name_plural = "answers (who decided, how, and about which payload)"
    fields = ("user", "decision", "comment", "via", "created_at", "digest")
    extra = 0


@admin.register(Gate)
class GateAdmin(ReadOnly, admin.ModelAdmin[Gate]):
    list_display = (
        "question", "kind", "state", "decide_link", "run_shown", "owner", "deadline",
        "decision", "decided_by", "via",
    )  # fmt: skip
    list_filter = (
        "state", "kind", "decision", "via", ("group", admin.RelatedOnlyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("run__created_by", "decided_by")
    search_fields = ("question", "=id", "=run__id", "run__created_by__username", "comment")
    # What waits comes first, the most urgent on top.
    ordering = (Case(When(state=Gate.State.PENDING, then=Value(0)), default=Value(1)), "deadline")
    show_full_result_count = False
    list_per_page = 50
    actions = ("decide_gates",)
    inlines = (AnswerInline,)
    change_form_template = "admin/runs/gate/change_form.html"
    readonly_fields = ("run_shown", "payload_shown", "answer_shown", "decisions_shown")
    fieldsets = (
        (None, {"fields": ("question", "kind", "name", "state", "run_shown", "payload_shown")}),
        (
            "Who may decide, and until when",
            {
                "fields": (
                    ("deadline", "on_expiry"),
                    ("owner_may_answer", "group", "quorum"),
                    "decisions_shown",
                    "digest",
                )
            },
        ),
        (
            "Decision",
            {
                "fields": (
                    ("decision", "via"),
                    ("decided_by", "decided_at"),
                    "comment",
                    "answer_shown",
                )
            },
        ),
    )

    class Media:
        css = CSS

    @admin.display(description="run")
    def run_shown(self, gate: Gate) -> str:
        return run_link(gate.run)

    @admin.display(description="owner", ordering="run__created_by__username")
    def owner(self, gate: Gate) -> str:
        return gate.run.created_by.get_username()

    @admin.display(description="decide")
    def decide_link(self, gate: Gate) -> str:
        if gate.state != Gate.State.PENDING:
            return ""
        return format_html('<a href="{}">Decide</a>', pages.decide_url([gate.pk]))

    @admin.display(description="payload")
    def payload_shown(self, gate: Gate) -> SafeString:
        return pretty(gate.payload)

    @admin.display(description="answer")
    def answer_shown(self, gate: Gate) -> SafeString | str:
        return "-" if gate.answer is None else pretty(gate.answer)

    @admin.display(description="decisions")
    def decisions_shown(self, gate: Gate) -> str:
        return ", ".join(gate.decisions)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        return [path("decide/", view, name="runs_gate_decide"), *super().get_urls()]

    @admin.action(description="Decide the selected gates…", permissions=["view"])
    def decide_gates(self, request: HttpRequest, queryset: QuerySet[Gate]) -> HttpResponse:
        return redirect(pages.decide_url(queryset.values_list("pk", flat=True)))

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        return pages.decide(self, request)
