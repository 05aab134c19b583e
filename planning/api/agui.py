"""Plans for clients of AG-UI: /ag-ui/plan. A thread is a plan; its gates are interrupts."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers

from planning import client_plans
from planning.actions import Wish
from planning.conf import LONGEST_DEADLINE, LONGEST_INTERVAL, MOST_DOCUMENTS, MOST_ITERATIONS
from planning.exceptions import InvalidInput
from planning.models import Plan
from runs.api import agui
from runs.api.agui import Product, Thread
from runs.api.agui_body import Fault, wrong
from runs.api.serializers import Flag, Text, Whole
from runs.models import Run
from runs.resent import Sent

SCOPE = "agui-plan"
HAS_GOAL = "This plan has its goal. Use a thread of your own for another one."
AT_WORK = "This thread's plan is at work. Wait for its end, or cancel it, before you ask for more."


class OptionsIn(serializers.Serializer[Any]):
    """What a new plan is to be like, besides its goal."""

    max_iterations = Whole(required=False, min_value=1, max_value=MOST_ITERATIONS)
    checkpoint_interval = Whole(required=False, min_value=1, max_value=LONGEST_INTERVAL)
    documents = serializers.ListField(
        child=Text(max_length=120), required=False, max_length=MOST_DOCUMENTS
    )
    deadline_seconds = Whole(required=False, min_value=1, max_value=LONGEST_DEADLINE)
    four_eyes = Flag(required=False)


def _find(user: User, thread_id: str) -> Thread | None:
    plans = client_plans.plans(user, thread_id, SCOPE)
    if not plans:
        return None
    return Thread(
        runs=Run.objects.visible_to(user).filter(plan__in=plans),
        current=plans[0].run,
        about={"plan_id": str(plans[0].pk)},
        history=_history,
    )


def _history(run: Run) -> list[dict[str, Any]]:
    plan = Plan.objects.get(run=run)
    return [{"id": str(plan.pk), "role": "user", "content": plan.goal}]


def _start(
    user: User,
    thread: Thread | None,
    sent: Sent,
    options: dict[str, Any],
    before: Callable[[], None],
) -> Run:
    if client_plans.known(user, sent.chat):
        raise Fault("has_goal", HAS_GOAL)
    if thread and thread.current and not thread.current.is_terminal:
        raise Fault("at_work", AT_WORK)
    try:
        wish = Wish(goal=sent.text, **options)
        plan = client_plans.attach_or_start(
            user, sent, wish, is_again=False, reply="", before=before
        )
    except InvalidInput as error:
        fields = {"messages" if one == "goal" else one: why for one, why in error.fields.items()}
        raise wrong(fields) from error
    return plan.run


PLAN = Product(scope=SCOPE, options=OptionsIn, find=_find, start=_start)


@csrf_exempt  # checked while the body is read, for sessions; a token needs none
async def plan(request: HttpRequest) -> HttpResponseBase:
    """State a goal, answer an interrupt, or join a plan; the answer is the plan's stream."""
    return await agui.serve(request, PLAN)
