"""The older strategy endpoints below /api/strategies/: start, status, events, commands.

One run and one log: the status is a second reader of the rows that the stream tells.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from planning.api.strategies import own_strategy, start, visible_strategy
from planning.api.strategy_serializers import CommandIn, StrategyIn, StrategyStatusOut
from planning.models import Strategy
from planning.strategy import shapes
from runs import access
from runs import actions as run_actions
from runs.api.idempotency import HEADER as KEY
from runs.api.problems import hinted
from runs.api.serializers import answers
from runs.api.views import asker, unless_known
from runs.models import Run
from streams.dialects.strategy import STRATEGY, STRATEGY_NAMED
from streams.views import Place, serve

COMMANDS: dict[str, Callable[[UUID], Run]] = {
    "cancel": run_actions.cancel,
    "pause": run_actions.pause,
    "resume": run_actions.resume,
}
TAG = OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER)


class Strategies(APIView):
    post_limit = "runs"

    @extend_schema(
        request=StrategyIn,
        responses=answers(202, StrategyStatusOut, 400, 403, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Start a strategy and answer at once, with where to watch it and how long it may take."""
        return Response(shapes.status(start(request)), 202)


class StrategyStatus(APIView):
    @extend_schema(parameters=[TAG], responses={**answers(200, StrategyStatusOut, 404), 304: None})
    def get(self, request: Request, pk: UUID) -> Response:
        """How far a strategy is. Send the ETag back as If-None-Match: 304 while nothing changed."""
        return unless_known(request, shapes.status(visible_strategy(request, pk)))


class LatestStrategy(APIView):
    @extend_schema(parameters=[TAG], responses={**answers(200, StrategyStatusOut, 404), 304: None})
    def get(self, request: Request) -> Response:
        """How far your newest strategy is; 404 if you have none."""
        own = Strategy.objects.filter(created_by=asker(request))
        found = own.select_related("run__stream", "entity").order_by("-created_at", "-pk").first()
        if found is None:
            raise Http404
        return unless_known(request, shapes.status(found))


class StrategyCommands(APIView):
    @extend_schema(
        request=CommandIn,
        responses=answers(202, StrategyStatusOut, 400, 403, 404, 409, 413, 415),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say something to a strategy: a stream goes one way, so the other way is a POST."""
        strategy = own_strategy(request, pk, self)
        given = CommandIn(data=request.data)
        given.is_valid(raise_exception=True)
        COMMANDS[given.validated_data["data"]["command"]](strategy.run_id)
        return Response(shapes.status(visible_strategy(request, pk)), 202)


def _locate(pk: UUID, user: User) -> Place | None:
    visible = Strategy.objects.visible_to(user).select_related("run")
    strategy = visible.filter(pk=pk).first()
    if strategy is None:
        return None
    return access.place(strategy.run, strategy_id=str(strategy.pk), **shapes.addresses(strategy))


@csrf_exempt  # only reads; other methods get a 405 that says so
async def events(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A strategy's stream in its dialect: Server-Sent Events, or JSON pages of the same rows."""
    named = request.GET.get("named") in ("1", "true")
    dialect = STRATEGY_NAMED if named else STRATEGY
    response = await serve(request, partial(_locate, pk), dialect=dialect)
    return hinted(response, allow="GET, HEAD")
