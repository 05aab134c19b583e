"""What a session works with: its data model, workflows and files."""

import mimetypes
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import posting, references, workflows
from chat.api.finding import checked, own_session, posted, visible_session
from chat.api.model_serializers import DataModelOut, WorkflowsOut
from chat.api.serializers import PostedOut, ReferencesOut, WorkflowIn
from chat.exceptions import NotReady
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.serializers import answers
from runs.api.views import asker

PIECE = 64 * 1024


class SessionModel(APIView):
    @extend_schema(responses=answers(200, DataModelOut, 404, 409))
    def get(self, request: Request, pk: UUID) -> Response:
        """What the data consists of. 409 before it is profiled."""
        session = visible_session(request, pk)
        if session.data_set.model is None:
            raise NotReady("The data is not profiled yet; wait until it is.")
        return Response(session.data_set.model)


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
            **{status: shape for status, shape in answers(200, None, 404).items() if status != 200},
        },
    )
    def get(self, request: Request, pk: UUID, path: str) -> HttpResponseBase:
        """A file of the session's folder, to keep."""
        file = references.open_file(visible_session(request, pk), path)
        name = PurePosixPath(path).name
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = StreamingHttpResponse(FileBody(file), content_type=kind)
        disposition: Any = content_disposition_header(as_attachment=True, filename=name)
        response["Content-Disposition"] = disposition
        response["Cache-Control"] = "private, no-store"
        return response
