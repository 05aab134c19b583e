"""The older planning endpoints /api/plan and /api/execute-plan, which hold no thread."""

import asyncio
import json
from contextlib import aclosing
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import ValidationError

from planning import sessions
from planning.actions import Wish, propose
from planning.api.serializers import GoalIn
from planning.conf import LONGEST_GOAL, LONGEST_INTERVAL, MOST_ITERATIONS
from planning.exceptions import InvalidInput
from planning.models import Plan
from planning.sessions import Asked
from runs.api import doors
from runs.api.idempotency import key
from runs.api.problems import fields_of, hinted
from runs.exceptions import GateError, NotAllowed
from runs.models import Gate
from streams.dialects.planning import PLANNING, PLANNING_NAMED
from streams.pool import may_write, pooled
from streams.reader import follow
from streams.views import Place, Refusal, serve, whole

PROPOSAL_SECONDS = 25  # below the time most proxies allow an answer
NEEDS_GOAL = "goal is required: say what the plan is to achieve."


def _session_id(request: HttpRequest) -> str:
    session_id = request.GET.get("session_id", "").strip()
    if len(session_id) > sessions.LONGEST_NAME or not session_id.isprintable():
        message = f"session_id may have at most {sessions.LONGEST_NAME} printable characters."
        raise Refusal(400, "invalid", message, {"session_id": message})
    return session_id


def _asked(request: HttpRequest) -> Asked:
    """Read what the client wants. Raises `Refusal` and `InvalidInput`.

    Figures count only where a plan is started by them: a session that is known has its own.
    """
    goal, session_id = request.GET.get("goal", ""), _session_id(request)
    is_reconnect = doors.is_reconnect(request)
    if not goal.strip():
        if not session_id:
            raise Refusal(400, "invalid", NEEDS_GOAL, {"goal": NEEDS_GOAL})
        return Asked(session_id=session_id, is_reconnect=is_reconnect)
    if len(goal) > LONGEST_GOAL:
        message = f"goal has {len(goal)} characters; at most {LONGEST_GOAL} fit."
        raise Refusal(414, "invalid", message, {"goal": message})
    wish = Wish(goal=goal) if session_id else _wish(request, goal)
    return Asked(session_id=session_id, is_reconnect=is_reconnect, wish=wish)


def _wish(request: HttpRequest, goal: str) -> Wish:
    wish = Wish(
        goal=goal,
        max_iterations=whole(request, "max_iterations", 1, most=MOST_ITERATIONS),
        checkpoint_interval=whole(request, "checkpoint_interval", 2, most=LONGEST_INTERVAL),
    )
    wish.check()
    return wish


def _plan(request: HttpRequest, user: User) -> Plan:
    asked = _asked(request)
    if plan := sessions.attached(user, asked):
        return plan
    if asked.wish is None:
        raise Refusal(400, "invalid", NEEDS_GOAL, {"goal": NEEDS_GOAL})
    wish = _wish(request, asked.wish.goal)
    start = Asked(session_id=asked.session_id, is_reconnect=asked.is_reconnect, wish=wish)
    return sessions.attach_or_start(user, start, before_start=partial(doors.check_limits, user))


def _locate(request: HttpRequest, user: User) -> Place:
    try:
        plan = _plan(request, user)
        sessions.approve_proposal(plan, by=user, via=doors.via(request))
    except InvalidInput as error:
        raise Refusal(400, "invalid", str(error), error.fields) from error
    except NotAllowed as error:
        raise Refusal(403, error.code, str(error)) from error
    except GateError:
        pass  # decided in another way meanwhile: the stream tells
    name = _session_id(request) or str(plan.pk)
    query = urlencode({"session_id": name})
    extra = {"session_id": name, "retry_url": f"/api/execute-plan?{query}"}
    return Place(stream_id=plan.run.stream_id, state=plan.run.state, extra=extra)


@csrf_exempt  # takes GET alone, and refuses those of other sites itself
async def execute_plan(request: HttpRequest) -> HttpResponseBase:
    """Start a plan, or attach to the session's: an EventSource that reconnects starts no second.

    A plan that waits for its proposal is approved by this; what the proposal says counts, not
    the figures in the address.
    """
    try:
        doors.only(request, "GET")
        doors.refuse_other_sites(request)
    except Refusal as refusal:
        return hinted(refusal.response(), allow="GET")
    named = request.GET.get("named") in ("1", "true")
    dialect = PLANNING_NAMED if named else PLANNING
    response = await serve(request, partial(_locate, request), dialect=dialect)
    return hinted(response, allow="GET")


@csrf_exempt  # checked below for sessions; a token needs none
async def plan(request: HttpRequest) -> HttpResponseBase:
    """Take a goal, answer with a proposal: 200, or 202 with the session if it takes long."""
    try:
        doors.only(request, "POST")
        started = await may_write(_propose)(request)
        gate = await _proposal(started)
    except Refusal as refusal:
        return hinted(refusal.response(), allow="POST")
    session = {"session_id": str(started.pk), "plan_url": f"/api/v1/plans/{started.pk}/"}
    if gate is None:
        return JsonResponse({**session, "status": "processing"}, status=202)
    payload = gate.payload
    return JsonResponse(
        {
            **session,
            "proposal": payload["approach"],
            "title": payload["title"],
            "max_iterations": payload["max_iterations"],
            "checkpoint_interval": payload["checkpoint_interval"],
            "gate_id": str(gate.pk),
            "digest": gate.digest,
        }
    )


def _propose(request: HttpRequest) -> Plan:
    user = doors.signed_in(request)
    given = GoalIn(data=doors.sent(request))
    try:
        given.is_valid(raise_exception=True)
        name = key(request, "session-plan")
        doors.check_rate(user)
        return propose(Wish(**given.validated_data), by=user, idempotency_key=name)
    except InvalidInput as error:
        raise Refusal(400, "invalid", str(error), error.fields) from error
    except ValidationError as error:
        fields = fields_of(error.detail)
        raise Refusal(400, "invalid", " ".join(fields.values()), fields) from error


async def _proposal(plan: Plan) -> Gate | None:
    """Wait, without a thread, until the proposal is there or the time is up."""

    def latest() -> Gate | None:
        asked = Gate.objects.filter(run=plan.run_id, kind=Gate.Kind.PROPOSAL)
        return asked.order_by("-created_at").first()

    try:
        async with asyncio.timeout(PROPOSAL_SECONDS), aclosing(follow(plan.run.stream_id)) as seen:
            async for batch in seen:
                for row in batch if isinstance(batch, list) else ():
                    if row.type == "gate_opened":
                        return await pooled(latest)()
                    if row.type == "run_failed":
                        error = json.loads(row.body)["data"]["error"]
                        raise Refusal(502, error["code"], error["message"])
    except TimeoutError:
        return None
    raise Refusal(409, "ended", "The plan ended before it had a proposal.")
