"""The older planning endpoints: /api/plan, /api/execute-plan and /api/checkpoint-approval."""

import asyncio
import json
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import CSRFCheck
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from planning import sessions
from planning.actions import Wish, propose
from planning.conf import LONGEST_GOAL, LONGEST_INTERVAL, MOST_ITERATIONS
from planning.exceptions import InvalidInput
from planning.models import Plan
from runs import gates
from runs.api.throttles import Runs
from runs.api.views import asker, via
from runs.exceptions import AlreadyDecided, GateExpired, NotAllowed
from runs.models import Gate
from streams.access import Viewer
from streams.dialects.planning import PLANNING, PLANNING_NAMED
from streams.pool import pooled
from streams.reader import follow
from streams.views import Place, Refusal, serve, whole

PROPOSAL_SECONDS = 25  # below the time most proxies allow an answer
LARGEST_BODY = 256 * 1024


def _door(request: HttpRequest) -> str:
    return Gate.Via.API if Viewer.of(request).token else Gate.Via.WEB


def _refuse_other_sites(request: HttpRequest) -> None:
    """A GET that can start work is refused when another site's page sends it with our cookie."""
    if Viewer.of(request).token or request.headers.get("Origin") in settings.CORS_ALLOWED_ORIGINS:
        return
    if request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site"):
        raise Refusal(403, "cross_site", "Another site must not start work here.")


def _wish(request: HttpRequest, *, needs_goal: bool) -> Wish:
    goal = request.GET.get("goal", "")
    if needs_goal and not goal.strip():
        message = "goal is required: say what the plan is to achieve."
        raise Refusal(400, "invalid", message, {"goal": message})
    if len(goal) > LONGEST_GOAL:
        message = f"goal has {len(goal)} characters; at most {LONGEST_GOAL} fit."
        raise Refusal(414, "invalid", message, {"goal": message})
    return Wish(
        goal=goal,
        max_iterations=whole(request, "max_iterations", 1, most=MOST_ITERATIONS),
        checkpoint_interval=whole(request, "checkpoint_interval", 2, most=LONGEST_INTERVAL),
    )


def _locate(request: HttpRequest, user: User) -> Place:
    session_id = request.GET.get("session_id", "").strip()
    if len(session_id) > sessions.LONGEST_NAME or not session_id.isprintable():
        message = f"session_id may have at most {sessions.LONGEST_NAME} printable characters."
        raise Refusal(400, "invalid", message, {"session_id": message})
    try:
        plan = _plan(request, user, session_id)
        sessions.approve_proposal(plan, by=user, via=_door(request))
    except InvalidInput as error:
        raise Refusal(400, "invalid", str(error), error.fields) from error
    except NotAllowed as error:
        raise Refusal(403, error.code, str(error)) from error
    except (AlreadyDecided, GateExpired):
        pass  # decided in another way meanwhile: the stream tells
    name = session_id or str(plan.pk)
    query = urlencode({"session_id": name})
    extra = {"session_id": name, "retry_url": f"/api/execute-plan?{query}"}
    return Place(stream_id=plan.run.stream_id, state=plan.run.state, extra=extra)


def _plan(request: HttpRequest, user: User, session_id: str) -> Plan:
    known = sessions.find(user, session_id) if session_id else None
    if known is not None:
        return known
    wish = _wish(request, needs_goal=True)
    wish.check()
    is_reconnect = bool(request.headers.get("Last-Event-ID"))
    found = sessions.attach_or_start(user, wish, session_id=session_id, is_reconnect=is_reconnect)
    if found.is_new and (wait := Runs().wait_for(user.pk)) is not None:
        raise Refusal(429, "too_many_requests", "Too many plans; wait.", retry_after=int(wait) + 1)
    return found.plan


async def execute_plan(request: HttpRequest) -> HttpResponseBase:
    """Start a plan, or attach to the session's: an EventSource that reconnects starts no second.

    A plan that waits for its proposal is approved by this; what the proposal says counts, not
    the figures in the address.
    """
    try:
        _refuse_other_sites(request)
    except Refusal as refusal:
        return refusal.response()
    named = request.GET.get("named") in ("1", "true")
    dialect = PLANNING_NAMED if named else PLANNING
    return await serve(request, partial(_locate, request), dialect=dialect)


@csrf_exempt  # checked below for sessions; a token needs none
async def plan(request: HttpRequest) -> HttpResponseBase:
    """Take a goal, answer with a proposal: 200, or 202 with the session if it takes long."""
    try:
        if request.method != "POST":
            raise Refusal(405, "method_not_allowed", "Use POST.")  # noqa: TRY301
        started = await pooled(_propose)(request)
        gate = await _proposal(started)
    except Refusal as refusal:
        return refusal.response()
    if gate is None:
        return JsonResponse({"session_id": str(started.pk), "status": "processing"}, status=202)
    payload = gate.payload
    return JsonResponse(
        {
            "proposal": payload["approach"],
            "title": payload["title"],
            "max_iterations": payload["max_iterations"],
            "checkpoint_interval": payload["checkpoint_interval"],
            "session_id": str(started.pk),
            "gate_id": str(gate.pk),
            "digest": gate.digest,
        }
    )


def _csrf(request: HttpRequest) -> None:
    check = CSRFCheck(lambda request: HttpResponse())
    check.process_request(request)
    if reason := check.process_view(request, lambda request: HttpResponse(), (), {}):
        raise Refusal(403, "csrf", f"CSRF check failed: {reason}")


def _propose(request: HttpRequest) -> Plan:
    viewer = Viewer.of(request)
    user = viewer.user()
    if user is None:
        raise Refusal(401, "not_authenticated", "Sign in, or send an Authorization header.")
    if not viewer.token:
        _csrf(request)
    body = _body(request)
    if (wait := Runs().wait_for(user.pk)) is not None:
        raise Refusal(429, "too_many_requests", "Too many plans; wait.", retry_after=int(wait) + 1)
    given = PlanIn(data=body)
    if not given.is_valid():
        fields = {name: " ".join(map(str, texts)) for name, texts in given.errors.items()}
        raise Refusal(400, "invalid", " ".join(fields.values()), fields)
    try:
        return propose(Wish(**given.validated_data), by=user)
    except InvalidInput as error:
        raise Refusal(400, "invalid", str(error), error.fields) from error


def _body(request: HttpRequest) -> Any:
    if len(request.body) > LARGEST_BODY:
        raise Refusal(413, "too_large", "The body is too large.")
    try:
        return json.loads(request.body or b"{}")
    except ValueError:
        raise Refusal(400, "malformed", "The body must be JSON.") from None


async def _proposal(plan: Plan) -> Gate | None:
    """Wait, without a thread, until the proposal is there or the time is up."""

    def pending() -> Gate | None:
        return Gate.objects.filter(run=plan.run_id, kind=Gate.Kind.PROPOSAL).first()

    try:
        async with asyncio.timeout(PROPOSAL_SECONDS):
            async for batch in follow(plan.run.stream_id):
                for row in batch if isinstance(batch, list) else ():
                    if row.type == "gate_opened":
                        return await pooled(pending)()
                    if row.type == "run_failed":
                        error = json.loads(row.body)["data"]["error"]
                        raise Refusal(502, error["code"], error["message"])
    except TimeoutError:
        return None
    return None


class PlanIn(serializers.Serializer[Any]):
    goal = serializers.CharField(max_length=LONGEST_GOAL)
    max_iterations = serializers.IntegerField(default=4, min_value=1, max_value=20)
    checkpoint_interval = serializers.IntegerField(default=2, min_value=1, max_value=10)
    documents = serializers.ListField(child=serializers.CharField(), default=list, max_length=50)


class ApprovalIn(serializers.Serializer[Any]):
    session_id = serializers.CharField(max_length=sessions.LONGEST_NAME)
    checkpoint = serializers.IntegerField(min_value=1)
    decision = serializers.ChoiceField(
        ["approve", "approved", "continue", "approve_all", "revise", "reject", "rejected"],
        default="approve",
    )
    comment = serializers.CharField(required=False, allow_blank=True, default="")
    digest = serializers.CharField(required=False, default="", max_length=64)


class ApprovalOut(serializers.Serializer[Any]):
    status = serializers.CharField()
    checkpoint = serializers.IntegerField()
    message = serializers.CharField()


SAME = {"approved": "approve", "continue": "approve", "rejected": "reject"}
ANSWERS = {
    "reject": ("rejected", "Checkpoint {} rejected. Planning stopped."),
    "revise": ("revised", "Checkpoint {}: revision noted. Continuing iterations..."),
}


class CheckpointApproval(APIView):
    @extend_schema(request=ApprovalIn, responses=ApprovalOut)
    def post(self, request: Request) -> Response:
        """Decide one checkpoint of a session, and only that one."""
        given = ApprovalIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        found = sessions.find(asker(request), values["session_id"])
        if found is None:
            missing = {"code": "not_found", "message": "There is no such session."}
            return Response({"error": missing}, 404)
        decision = SAME.get(values["decision"], values["decision"])
        number = values["checkpoint"]
        gate = sessions.checkpoint_gate(found, number)
        try:
            gates.answer(
                gate.pk,
                by=asker(request),
                decision=decision,
                comment=values["comment"],
                digest=values["digest"] or gate.digest,
                via=via(request),
            )
        except AlreadyDecided as error:
            # The same answer from the same person again: a client that lost our first reply.
            if (error.decided_by, error.decision) != (asker(request).get_username(), decision):
                raise
        status, message = ANSWERS.get(
            decision, ("approved", "Checkpoint {} approved! Continuing iterations...")
        )
        return Response({"status": status, "checkpoint": number, "message": message.format(number)})
