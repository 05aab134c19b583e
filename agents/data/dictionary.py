"""A data model as a data dictionary in YAML: for people to read, and for `yaml.safe_load`."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from agents.data_model import Column, DataModel, Issue, Relationship, Table

WIDTH = 100
# Everything else that a column has is always there.
OPTIONAL = ("minimum", "maximum", "mean", "median", "deviation")


def dictionary(model: DataModel) -> str:
    """Return the model as YAML, always in the same order: of the tables, columns and findings."""
    return yaml.safe_dump(
        _of_model(model), sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )


def _of_model(model: DataModel) -> dict[str, Any]:
    told = {
        "name": model.name,
        "summary": model.summary,
        "quality": model.quality.model_dump(mode="json"),
        "tables": [_of_table(table, model) for table in model.tables],
        "relationships": [_of_relationship(one) for one in model.relationships],
        "issues": [_of_issue(one, one.table) for one in model.issues],
        "recommendations": list(model.recommendations),
        "questions": list(model.questions),
    }
    rest = model.model_dump(mode="json", exclude=set(told))
    return {**told, **{name: value for name, value in rest.items() if value}}


def _of_table(table: Table, model: DataModel) -> dict[str, Any]:
    return {
        "name": table.name,
        "source": table.source,
        "rows": table.rows,
        "duplicates": table.duplicates,
        "primary_key": list(table.primary_key),
        "columns": [_of_column(column, table, model) for column in table.columns],
    }


def _of_column(column: Column, table: Table, model: DataModel) -> dict[str, Any]:
    told = {
        "name": column.name,
        "type": column.type,
        "kind": column.kind,
        "role": column.role,
        "nulls": column.nulls,
        "distinct": column.distinct,
    }
    values = {name: getattr(column, name) for name in OPTIONAL}
    told |= {name: value for name, value in values.items() if value is not None}
    if column.top:
        told["top"] = [{"value": one.value, "count": one.count} for one in column.top]
    if column.name in table.primary_key:
        told["key"] = True
    references = list(_references(column, table, model))
    if references:
        told["references"] = references
    issues = [
        _of_issue(one, "")
        for one in model.issues
        if (one.table, one.column) == (table.name, column.name)
    ]
    if issues:
        told["issues"] = issues
    return told


def _references(column: Column, table: Table, model: DataModel) -> Iterator[str]:
    for one in model.relationships:
        if one.table == table.name and column.name in one.columns:
            yield f"{one.to_table}.{one.to_columns[one.columns.index(column.name)]}"


def _of_relationship(one: Relationship) -> dict[str, Any]:
    return {
        "table": one.table,
        "columns": list(one.columns),
        "to_table": one.to_table,
        "to_columns": list(one.to_columns),
        "kind": one.kind,
        "coverage": one.coverage,
        "declared": one.declared,
    }


def _of_issue(one: Issue, table: str) -> Mapping[str, Any]:
    """Tell an issue; inside its own column without the names of both."""
    told: dict[str, Any] = {"severity": one.severity, "code": one.code, "message": one.message}
    return {**told, "table": table, "column": one.column} if table else told
