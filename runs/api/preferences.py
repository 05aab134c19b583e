"""How a user wants streams, where a request does not say."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.api.serializers import Choice, answers
from runs.api.views import asker
from streams import preferences
from streams.profiles import MODES


class PreferencesIn(serializers.Serializer[Any]):
    stream_mode = Choice(MODES, help_text="inline: events bring text; signal: text is pulled.")


class PreferencesOut(serializers.Serializer[Any]):
    stream_mode = serializers.ChoiceField(MODES)


class Preferences(APIView):
    @extend_schema(responses=answers(200, PreferencesOut))
    def get(self, request: Request) -> Response:
        """Your preferences, or the installation's where you have none."""
        return Response({"stream_mode": preferences.mode_of(asker(request))})

    @extend_schema(
        request=PreferencesIn, responses=answers(200, PreferencesOut, 400, 403, 413, 415)
    )
    def patch(self, request: Request) -> Response:
        """Choose how streams come from now on, wherever a request does not say."""
        given = PreferencesIn(data=request.data)
        given.is_valid(raise_exception=True)
        preferences.choose(asker(request), given.validated_data["stream_mode"])
        return self.get(request)
