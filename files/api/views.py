"""Uploaded files: list, send, look up, delete."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from files import actions, shapes
from files.api.serializers import FileIn, FileOut
from files.models import Upload
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.serializers import answers
from runs.api.views import asker


class FileList(ListAPIView[Upload]):
    post_limit = "uploads"
    serializer_class = FileOut
    parser_classes = (MultiPartParser,)

    def get_queryset(self) -> QuerySet[Upload]:
        return Upload.objects.visible_to(asker(self.request))

    @extend_schema(responses=answers(200, FileOut(many=True), 400))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your files, the newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([shapes.upload(one) for one in page])

    @extend_schema(
        request=FileIn, responses=answers(201, FileOut, 400, 403, 413, 415, 503), parameters=[KEY]
    )
    def post(self, request: Request) -> Response:
        """Send a document or a data set. 400, 413 and 415 say why one is refused."""
        given = FileIn(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        kept = actions.keep(
            file,
            name=file.name,
            content_type=file.content_type or "",
            size=file.size,
            by=asker(request),
            idempotency_key=key(request, "files"),
        )
        return Response(shapes.upload(kept), 201)


class FileDetail(APIView):
    def own(self, request: Request, pk: UUID) -> Upload:
        return get_object_or_404(Upload.objects.visible_to(asker(request)), pk=pk)

    @extend_schema(responses=answers(200, FileOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(shapes.upload(self.own(request, pk)))

    @extend_schema(responses=answers(204, None, 403, 404, 409))
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete a file, unless a plan or a chat uses it."""
        actions.delete(self.own(request, pk))
        return Response(status=204)
