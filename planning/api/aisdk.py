"""Plans for clients of the AI SDK: /ai-sdk/plan. Proposal and checkpoints are approvals."""

from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers

from planning import client_plans
from planning.actions import Wish
from planning.conf import (
    LONGEST_DEADLINE,
    LONGEST_INTERVAL,
    MOST_DOCUMENTS,
    MOST_ITERATIONS,
)
from planning.exceptions import InvalidInput
from planning.models import Plan
from runs.api import aisdk, aisdk_body, doors
from runs.api.aisdk import Opening
from runs.api.aisdk_body import Body, BodyIn, Fault
from runs.api.serializers import Flag, Text, Whole
from runs.models import Run
from streams.views import Refusal

SCOPE = "aisdk-plan"
HAS_GOAL = "This plan has its goal. Use an id of your own for another one."


class PlanIn(BodyIn):
    """What a new plan is to be like, besides its goal."""

    max_iterations = Whole(required=False, min_value=1, max_value=MOST_ITERATIONS)
    checkpoint_interval = Whole(required=False, min_value=1, max_value=LONGEST_INTERVAL)
    documents = serializers.ListField(
        child=Text(max_length=120), required=False, max_length=MOST_DOCUMENTS
    )
    deadline_seconds = Whole(required=False, min_value=1, max_value=LONGEST_DEADLINE)
    four_eyes = Flag(required=False)


def _opening(plan: Plan, **more: Any) -> Opening:
    return aisdk.opening(plan.run, plan_id=str(plan.pk), **more)


def _posted(request: HttpRequest) -> Opening:
    user = doors.signed_in(request)
    given = aisdk_body.read(request, PlanIn, SCOPE)
    if given.sent is None:
        return _answered(user, request, given)
    if client_plans.known(user, given.chat):
        raise Fault(HAS_GOAL)
    try:
        plan = client_plans.attach_or_start(
            user,
            given.sent,
            Wish(goal=given.sent.text, **given.more),
            is_again=given.is_again,
            reply=given.reply,
            before=partial(doors.check_limits, user),
        )
    except InvalidInput as error:
        fields = {"messages" if one == "goal" else one: why for one, why in error.fields.items()}
        raise Refusal(400, "invalid", " ".join(fields.values()), fields) from error
    return _opening(plan)


def _answered(user: User, request: HttpRequest, given: Body) -> Opening:
    plans = client_plans.plans(user, given.chat, SCOPE)
    runs = Run.objects.visible_to(user).filter(plan__in=plans)
    gate = aisdk_body.answer(given.approvals, runs, by=user, via=doors.via(request))
    return _opening(client_plans.plan_of(gate.run), after=gate)


def _current(request: HttpRequest, chat_id: str) -> Opening | None:
    user = doors.signed_in(request)
    found = client_plans.plans(user, chat_id, SCOPE)
    return _opening(found[0]) if found and not found[0].run.is_terminal else None


@csrf_exempt  # checked while the body is read, for sessions; a token needs none
async def plan(request: HttpRequest) -> HttpResponseBase:
    """State a goal, state it once more, or answer approvals; the answer is the plan's stream."""
    return await aisdk.respond(request, _posted, "POST")


@csrf_exempt  # only reads
async def stream(request: HttpRequest, chat_id: str) -> HttpResponseBase:
    """The whole plan that goes on, from its start; 204 if none does."""
    return await aisdk.respond(request, partial(_current, chat_id=chat_id), "GET")
