"""Shapes of requests and answers about files."""

from typing import Any

from rest_framework import serializers


class FileIn(serializers.Serializer[Any]):
    # An empty file and a long name have better errors than this field's own.
    file = serializers.FileField(allow_empty_file=True)


class FileOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uses = serializers.ListField(
        child=serializers.CharField(), help_text="What the file can be used as."
    )
    created_at = serializers.DateTimeField()
