"""Names beside keys: a carrier's code says more with the carrier's name."""

from agents.offline.answering.logic import Field, Logical
from agents.offline.answering.schema import Schema


def with_labels(schema: Schema, query: Logical) -> Logical:
    """Return the query with the names of what its groups or values refer to."""
    if query.count_groups or any(measure.per for measure in query.measures):
        return query
    if query.groups and not query.fields:
        return query.model_copy(update={"groups": _labelled(schema, query.groups)})
    if query.fields and query.distinct:
        return query.model_copy(update={"fields": _labelled(schema, query.fields)})
    return query


def _labelled(schema: Schema, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    found: list[Field] = []
    for field in fields:
        label = _label(schema, field)
        found += [field] if label is None else [field, label]
    return tuple(dict.fromkeys(found))


def _label(schema: Schema, field: Field) -> Field | None:
    if field.unit or field.parts or field.bins:
        return None
    for number, one in enumerate(schema.model.relationships):
        if one.table == field.table and one.columns == (field.name,):
            place = schema.label(one.to_table)
            if place is not None and one.to_table in schema.tables:
                path = (*field.path, number)
                return Field(table=one.to_table, name=place.column.name, path=path)
    return None
