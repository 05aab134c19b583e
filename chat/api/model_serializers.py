"""Shapes of a data set's model and of workflows, for the schema."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": ["string", "number", "boolean", "null"]})
class Scalar(serializers.JSONField):
    """What a cell of a table can hold."""


class ValueCountOut(serializers.Serializer[Any]):
    value = Scalar()
    count = serializers.IntegerField()


class BinOut(serializers.Serializer[Any]):
    low = Scalar()
    high = Scalar()
    count = serializers.IntegerField()


class ColumnOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField()
    kind = serializers.CharField()
    role = serializers.CharField()
    nulls = serializers.IntegerField()
    distinct = serializers.IntegerField()
    minimum = Scalar()
    maximum = Scalar()
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    deviation = serializers.FloatField(allow_null=True)
    top = ValueCountOut(many=True)
    histogram = BinOut(many=True)


class TableOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    rows = serializers.IntegerField()
    columns = ColumnOut(many=True)
    primary_key = serializers.ListField(child=serializers.CharField())
    duplicates = serializers.IntegerField()


class RelationshipOut(serializers.Serializer[Any]):
    table = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    to_table = serializers.CharField()
    to_columns = serializers.ListField(child=serializers.CharField())
    kind = serializers.CharField()
    coverage = serializers.FloatField()
    declared = serializers.BooleanField()


class IssueOut(serializers.Serializer[Any]):
    severity = serializers.CharField()
    code = serializers.CharField()
    table = serializers.CharField()
    column = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class QualityOut(serializers.Serializer[Any]):
    score = serializers.FloatField()
    completeness = serializers.FloatField()
    uniqueness = serializers.FloatField()
    validity = serializers.FloatField()
    integrity = serializers.FloatField()


class DataModelOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    summary = serializers.CharField()
    tables = TableOut(many=True)
    relationships = RelationshipOut(many=True)
    quality = QualityOut()
    issues = IssueOut(many=True)
    recommendations = serializers.ListField(child=serializers.CharField())
    questions = serializers.ListField(child=serializers.CharField())


class ParameterOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField(
        help_text="text, integer, number, boolean, choice, table or column."
    )
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField())
    default = Scalar()
    help = serializers.CharField(allow_blank=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)


class WorkflowOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    parameters = ParameterOut(many=True)


class WorkflowsOut(serializers.Serializer[Any]):
    workflows = WorkflowOut(many=True)
