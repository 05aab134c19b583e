"""A token for a user name and password, tried only so often."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from runs.api.parsers import Json
from runs.api.serializers import ErrorAnswer
from runs.api.throttles import PerUser


class ObtainToken(ObtainAuthToken):
    post_limit = "runs"
    throttle_classes = (PerUser,)
    parser_classes = (Json, FormParser)
    authentication_classes = ()

    @extend_schema(
        request=AuthTokenSerializer,
        responses={
            200: AuthTokenSerializer,
            **dict.fromkeys((400, 413, 415, 429), ErrorAnswer),
        },
        auth=[],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the user's token, for the Authorization header."""
        given: Response = super().post(request, *args, **kwargs)
        return given
