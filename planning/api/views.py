"""Plans and memory."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from planning import actions, memory, shapes
from planning.actions import Wish
from planning.api.serializers import (
    BranchIn,
    EntityIn,
    EntityOut,
    PlanIn,
    PlanOut,
    PlanSummaryOut,
    SourceOut,
)
from planning.models import Entity, Plan
from runs import access
from runs import actions as run_actions
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.serializers import answers
from runs.api.views import asker

LONGEST_SEARCH = 200


def visible_plan(request: Request, pk: UUID) -> Plan:
    plans = Plan.objects.visible_to(asker(request))
    return get_object_or_404(
        plans.select_related("run__stream", "created_by", "entity", "branched_from"), pk=pk
    )


def own_plan(request: Request, pk: UUID, view: APIView) -> Plan:
    """Return a plan that the user may change, not only see."""
    plan = visible_plan(request, pk)
    if not access.may_steer(asker(request), plan.run):
        view.permission_denied(request, message="Only the plan's owner may do this.")
    return plan


class PlanList(ListAPIView[Plan]):
    post_limit = "runs"
    serializer_class = PlanSummaryOut

    def get_queryset(self) -> QuerySet[Plan]:
        plans = Plan.objects.visible_to(asker(self.request))
        return plans.select_related("run", "created_by", "entity")

    @extend_schema(responses=answers(200, PlanSummaryOut(many=True), 400))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your plans, the newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([shapes.summary(plan) for plan in page])

    @extend_schema(
        request=PlanIn, responses=answers(201, PlanSummaryOut, 400, 403, 413, 415), parameters=[KEY]
    )
    def post(self, request: Request) -> Response:
        """Start a plan: a proposal is worked out, and then a gate asks whether to go on."""
        given = PlanIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        if name := values.pop("approvers", None):
            values["approvers"] = _group(name)
        wish = Wish(**values)
        plan = actions.propose(wish, by=asker(request), idempotency_key=key(request, "plans"))
        return Response(shapes.summary(plan), 201)


def _group(name: str) -> Group:
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise ValidationError({"approvers": f"There is no group {name!r}."})
    return group


class PlanDetail(APIView):
    @extend_schema(responses=answers(200, PlanOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """A plan with its proposal, iterations, checkpoints, final plan and pending gate."""
        return Response(shapes.plan(visible_plan(request, pk)))


class PlanAction(APIView):
    """Pause, resume or cancel a plan; `act` is set where it is mounted."""

    act = staticmethod(run_actions.cancel)

    @extend_schema(request=None, responses=answers(202, PlanSummaryOut, 403, 404, 409))
    def post(self, request: Request, pk: UUID) -> Response:
        plan = own_plan(request, pk, self)
        self.act(plan.run_id)
        return Response(shapes.summary(visible_plan(request, pk)), 202)


class PlanBranch(APIView):
    post_limit = "runs"

    @extend_schema(
        request=BranchIn,
        responses=answers(202, PlanSummaryOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Start a new plan from what this one had reached at a checkpoint."""
        plan = visible_plan(request, pk)
        given = BranchIn(data=request.data)
        given.is_valid(raise_exception=True)
        branched = actions.branch(
            plan,
            given.validated_data["checkpoint"],
            guidance=given.validated_data["guidance"],
            by=asker(request),
            idempotency_key=key(request, f"branch {pk}"),
        )
        return Response(shapes.summary(branched), 202)


class PlanSource(APIView):
    @extend_schema(responses=answers(200, SourceOut, 404))
    def get(self, request: Request, pk: UUID, name: str) -> Response:
        """A document as the plan read it, by the sentences that citations number."""
        document = visible_plan(request, pk).documents.filter(name=name).first()
        if document is None:
            raise Http404
        return Response(shapes.source(document))


class EntityList(ListAPIView[Entity]):
    serializer_class = EntityOut

    def get_queryset(self) -> QuerySet[Entity]:
        found = Entity.objects.visible_to(asker(self.request)).select_related("created_by")
        text = self.request.query_params.get("search", "").replace("\x00", "")
        if len(text) > LONGEST_SEARCH:
            message = f"search may have at most {LONGEST_SEARCH} characters."
            raise ValidationError({"search": message})
        return found.filter(title__icontains=text) if text else found

    @extend_schema(
        parameters=[OpenApiParameter("search", {"type": "string", "maxLength": LONGEST_SEARCH})],
        responses=answers(200, EntityOut(many=True), 400),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Memory, the newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([shapes.entity(one) for one in page])

    @extend_schema(
        request=EntityIn, responses=answers(201, EntityOut, 400, 403, 413, 415), parameters=[KEY]
    )
    def post(self, request: Request) -> Response:
        """Write a memory document. `[[slug]]` in its text links to another."""
        given = EntityIn(data=request.data)
        given.is_valid(raise_exception=True)
        saved = memory.save_entity(
            by=asker(request), idempotency_key=key(request, "entities"), **given.validated_data
        )
        return Response(shapes.entity(saved), 201)


class EntityDetail(APIView):
    @extend_schema(responses=answers(200, EntityOut, 404))
    def get(self, request: Request, slug: str) -> Response:
        found = get_object_or_404(Entity.objects.visible_to(asker(request)), slug=slug)
        return Response(shapes.entity(found))
