"""What a session works with: its data model, workflows and files."""

import mimetypes
from collections.abc import AsyncIterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.data.dictionary import dictionary
from agents.data_model import DataModel
from chat import posting, references, workflows
from chat.api.finding import checked, own_session, posted, visible_session
from chat.api.model_serializers import DataModelOut, WorkflowsOut
from chat.api.serializers import PostedOut, ReferencesOut, WorkflowIn
from chat.exceptions import NotReady
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.serializers import answers, errors
from runs.api.views import asker

PIECE = 64 * 1024


class Yaml(BaseRenderer):
    """What a client may accept; the view writes it, and errors stay JSON."""

    media_type = "application/yaml"
    format = "yaml"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return JSONRenderer().render(data, accepted_media_type, renderer_context)


class SessionModel(APIView):
    renderer_classes = (JSONRenderer, Yaml)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "download", enum=["yaml"], description="As a file: a data dictionary in YAML."
            )
        ],
        responses={
            (200, "application/json"): DataModelOut,
            (200, "application/yaml"): OpenApiTypes.OBJECT,
            **{(one, "application/json"): shape for one, shape in errors(400, 404, 409).items()},
        },
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """What the data consists of; as YAML, a data dictionary. 409 before it is profiled."""
        download = request.query_params.get("download")
        if download not in (None, "yaml"):
            raise ValidationError({"download": "download must be yaml."})
        session = visible_session(request, pk)
        if session.data_set.model is None:
            raise NotReady("The data is not profiled yet; wait until it is.")
        if download is None and not isinstance(request.accepted_renderer, Yaml):
            return Response(session.data_set.model)
        model = DataModel.recorded(session.data_set.model)
        name = f"{slugify(session.data_set.name)[:80] or 'data'}-dictionary.yaml"
        return _attachment(HttpResponse(dictionary(model)), name, Yaml.media_type)

    def handle_exception(self, exc: Exception) -> Response:
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


def _attachment(response: HttpResponseBase, name: str, kind: str) -> HttpResponseBase:
    """Mark an answer as a file to keep, which no browser shows as a page of ours."""
    response["Content-Type"] = kind
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


class WorkflowList(APIView):
    post_limit = "runs"

    @extend_schema(responses=answers(200, WorkflowsOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """The workflows that can be started, with the tables and columns to choose from."""
        found = workflows.forms(visible_session(request, pk))
        return Response({"workflows": [one.model_dump(mode="json") for one in found]})

    @extend_schema(
        request=WorkflowIn,
        responses=answers(201, PostedOut, 400, 403, 404, 409, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Start a workflow with its form filled in."""
        session = own_session(request, pk, self)
        given = checked(WorkflowIn, request)
        result = posting.start_workflow(
            session,
            given["workflow"],
            given["parameters"],
            by=asker(request),
            idempotency_key=key(request, f"workflows {pk}"),
        )
        return Response(posted(result), 201)


class ReferenceList(APIView):
    @extend_schema(responses=answers(200, ReferencesOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """What `@` in a message can refer to."""
        return Response({"references": references.entries(visible_session(request, pk))})


class FileBody:
    """The bytes of a file, read off the loop and piece by piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._read = sync_to_async(file.read, thread_sensitive=False)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await self._read(PIECE):
            yield piece

    def close(self) -> None:
        self._file.close()


class SessionFile(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("path", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            **{(one, "application/json"): shape for one, shape in errors(404).items()},
        },
    )
    def get(self, request: Request, pk: UUID, path: str) -> HttpResponseBase:
        """A file of the session's folder, to keep."""
        file = references.open_file(visible_session(request, pk), path)
        name = PurePosixPath(path).name
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _attachment(StreamingHttpResponse(FileBody(file)), name, kind)
