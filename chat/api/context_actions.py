"""What people decide in the context dialect: branches, tool calls, settings, to stop."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import actions, branches, posting, shapes, states
from chat.api.context_serializers import (
    ApproveIn,
    CancelIn,
    CancelledOut,
    ConfigIn,
    ConfigOut,
    ContextBranchesOut,
    ContextForkIn,
    ContextMergeIn,
    SwitchIn,
)
from chat.api.finding import checked, named_branch, own_session, visible_session
from chat.api.serializers import BranchOut, MergedOut
from chat.models import ChatSession
from runs import access, gates
from runs import actions as run_actions
from runs import shapes as run_shapes
from runs.api.serializers import GateOut, answers
from runs.api.views import asker, via
from runs.exceptions import InvalidTransition
from runs.models import Gate, Run
from streams import preferences
from streams.profiles import Mode

DEFAULT_MODE: Mode = "signal"  # what this dialect gives a user who chose none


class Branches(APIView):
    @extend_schema(
        operation_id="contexts_branches", responses=answers(200, ContextBranchesOut, 404)
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """All branches, the oldest first."""
        return Response(_branches(visible_session(request, pk)))

    @extend_schema(
        operation_id="contexts_branch",
        request=ContextForkIn,
        responses=answers(201, BranchOut, 400, 403, 404, 413, 415),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Part a branch after a message, or from the end of the one that is shown."""
        session = own_session(request, pk, self)
        given = checked(ContextForkIn, request)
        after = given["from_message"] and posting.find_message(session, given["from_message"])
        made = branches.fork(session, by=asker(request), after=after, name=given["name"])
        return Response(shapes.branch(made, session.branch), 201)


def _branches(session: ChatSession) -> dict[str, Any]:
    found = session.branches.select_related("created_by")
    return {
        "context_id": str(session.pk),
        "current_branch": str(session.branch_id),
        "branches": [shapes.branch(one, session.branch) for one in found],
    }


class SwitchBranch(APIView):
    @extend_schema(
        operation_id="contexts_branch_switch",
        request=SwitchIn,
        responses=answers(200, ContextBranchesOut, 400, 403, 404, 413, 415),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Show and continue another branch."""
        session = own_session(request, pk, self)
        branch = branches.find(session, checked(SwitchIn, request)["branch"])
        branches.switch(session, branch, by=asker(request))
        return Response(_branches(visible_session(request, pk)))


class MergeBranch(APIView):
    @extend_schema(
        operation_id="contexts_branch_merge",
        request=ContextMergeIn,
        responses=answers(200, MergedOut, 400, 403, 404, 413, 415),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Add copies of a branch's own messages, or of some turns of them, to another's end."""
        session = own_session(request, pk, self)
        given = checked(ContextMergeIn, request)
        source = branches.find(session, given["source"])
        target = named_branch(session, given.get("target"))
        by = asker(request)
        turns = branches.merge(session, source, target, by=by, only=given["messages"])
        return Response({"turns": turns, "target": str(target.pk)})


class ApproveTools(APIView):
    @extend_schema(
        operation_id="contexts_tools_approve",
        request=ApproveIn,
        responses=answers(200, GateOut, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Allow or deny the calls of a gate, all of them together."""
        session = visible_session(request, pk)
        given = checked(ApproveIn, request)
        gate = _gate(session, given)
        decision = "approve_all" if given["always"] else "approve"
        arguments = given.get("arguments")
        gates.answer(
            gate.pk,
            by=asker(request),
            decision=decision if given["approved"] else "reject",
            digest=given["digest"],
            via=via(request),
            comment=given["reason"],
            payload={"arguments": arguments} if arguments else None,
        )
        decided = Gate.objects.select_related("run", "group", "decided_by").get(pk=gate.pk)
        return Response(run_shapes.gate(decided))


def _gate(session: ChatSession, given: dict[str, Any]) -> Gate:
    """Return the gate that is meant, also if it has been decided: its answer is refused then."""
    asked = Gate.objects.filter(run__stream=session.stream_id, kind=Gate.Kind.TOOL)
    if gate_id := given.get("gate_id"):
        found = asked.filter(pk=gate_id).first()
    else:
        found = _with_calls(asked, set(given["tool_call_ids"]))
    if found is None:
        raise Http404
    if unknown := set(given.get("arguments", ())) - set(_calls(found)):
        message = f"There is no call {sorted(unknown)[0]!r} to change the arguments of."
        raise ValidationError({"arguments": message})
    return found


def _calls(gate: Gate) -> list[str]:
    return [call["call_id"] for call in gate.payload["calls"]]


def _with_calls(asked: QuerySet[Gate], ids: Collection[str]) -> Gate | None:
    """Return the newest gate with one of these calls. Raises `ValidationError` if it has others."""
    for gate in asked.order_by("-created_at")[:50]:
        calls = set(_calls(gate))
        if calls & set(ids):
            if calls != set(ids):
                message = f"These are decided together: {', '.join(sorted(calls))}."
                raise ValidationError({"tool_call_ids": message})
            return gate
    return None


class Config(APIView):
    @extend_schema(operation_id="contexts_config", responses=answers(200, ConfigOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """The session's mode, what runs without asking, and how your signals come."""
        return Response(_config(visible_session(request, pk), asker(request)))

    @extend_schema(
        operation_id="contexts_config_change",
        request=ConfigIn,
        responses=answers(200, ConfigOut, 400, 403, 404, 413, 415),
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        session = own_session(request, pk, self)
        given, user = checked(ConfigIn, request), asker(request)
        mode = given.pop("stream_mode", None)
        actions.change(session, by=user, **given)
        if mode is not None:
            preferences.choose(user, mode)
        return Response(_config(visible_session(request, pk), user))


def _config(session: ChatSession, user: User) -> dict[str, Any]:
    return {
        "context_id": str(session.pk),
        "mode": session.mode,
        "auto_approve": session.auto_approve,
        "stream_mode": preferences.chosen(user) or DEFAULT_MODE,
    }


class Cancel(APIView):
    @extend_schema(
        operation_id="contexts_cancel",
        request=CancelIn,
        responses=answers(202, CancelledOut, 400, 403, 404, 413, 415),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Stop what goes on; its text so far is kept. Nothing going on is no error."""
        session = visible_session(request, pk)
        run = _unfinished(session, checked(CancelIn, request).get("run_id"))
        if run is not None:
            if not access.may_steer(asker(request), run):
                self.permission_denied(request, message="Only the chat's owner may do this.")
            run = _cancelled(run)
        return Response(
            {
                "context_id": str(pk),
                "run_id": str(run.pk) if run else None,
                "current_state": states.current(session).value,
            },
            202,
        )


def _unfinished(session: ChatSession, run_id: UUID | None) -> Run | None:
    """Return the run to stop: the one named, or that at work, or else the next one."""
    runs = Run.objects.filter(stream=session.stream_id)
    if run_id is not None:
        named = runs.filter(pk=run_id).first()
        if named is None:
            raise Http404
        return named if named.finished_at is None else None
    waiting = runs.filter(finished_at=None).order_by("begins_after")
    return states.head(session) or waiting.first()


def _cancelled(run: Run) -> Run | None:
    """Stop a run; None if it ended by itself in between."""
    try:
        return run_actions.cancel(run.pk)
    except InvalidTransition:
        return None
