"""Strategies below /api/v1/, in the house style."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from planning.api.serializers import SourceOut
from planning.api.strategy_serializers import StrategyIn, StrategyOut, StrategySummaryOut
from planning.models import Strategy
from planning.shapes import source
from planning.strategy import actions, shapes
from planning.strategy.actions import StrategyWish
from runs import access
from runs import actions as run_actions
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.serializers import answers
from runs.api.views import asker


def visible_strategy(request: Request, pk: UUID) -> Strategy:
    strategies = Strategy.objects.visible_to(asker(request))
    return get_object_or_404(
        strategies.select_related("run__stream", "created_by", "entity"), pk=pk
    )


def own_strategy(request: Request, pk: UUID, view: APIView) -> Strategy:
    """Return a strategy that the user may change, not only see."""
    strategy = visible_strategy(request, pk)
    if not access.may_steer(asker(request), strategy.run):
        view.permission_denied(request, message="Only the strategy's owner may do this.")
    return strategy


def start(request: Request) -> Strategy:
    """Start what the request's body asks for; the same key gives the same strategy."""
    given = StrategyIn(data=request.data)
    given.is_valid(raise_exception=True)
    wish = StrategyWish(**given.validated_data)
    started = actions.start(wish, by=asker(request), idempotency_key=key(request, "strategies"))
    return visible_strategy(request, started.pk)


class StrategyList(ListAPIView[Strategy]):
    post_limit = "runs"
    serializer_class = StrategySummaryOut

    def get_queryset(self) -> QuerySet[Strategy]:
        strategies = Strategy.objects.visible_to(asker(self.request))
        return strategies.select_related("run", "created_by", "entity")

    @extend_schema(responses=answers(200, StrategySummaryOut(many=True), 400))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your strategies, the newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([shapes.summary(one) for one in page])

    @extend_schema(
        request=StrategyIn,
        responses=answers(202, StrategySummaryOut, 400, 403, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Start a strategy: eight steps, of which each may fail without ending it."""
        return Response(shapes.summary(start(request)), 202)


class StrategyDetail(APIView):
    @extend_schema(responses=answers(200, StrategyOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """A strategy with its steps, what is missing, and the document once it is written."""
        return Response(shapes.strategy(visible_strategy(request, pk)))


class StrategyAction(APIView):
    """Pause, resume or cancel a strategy; `act` is set where it is mounted."""

    act = staticmethod(run_actions.cancel)

    @extend_schema(request=None, responses=answers(202, StrategySummaryOut, 403, 404, 409))
    def post(self, request: Request, pk: UUID) -> Response:
        self.act(own_strategy(request, pk, self).run_id)
        return Response(shapes.summary(visible_strategy(request, pk)), 202)


class StrategySource(APIView):
    @extend_schema(responses=answers(200, SourceOut, 404))
    def get(self, request: Request, pk: UUID, name: str) -> Response:
        """A document as the strategy read it, by the sentences that citations number."""
        document = visible_strategy(request, pk).documents.filter(name=name).first()
        if document is None:
            raise Http404
        return Response(source(document))
