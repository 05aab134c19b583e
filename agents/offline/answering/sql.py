"""SQL of a logical query. Identifiers are quoted, values are parameters: nothing else gets in."""

from dataclasses import dataclass

from agents.data.naming import quoted
from agents.data_model import Scalar
from agents.offline.answering.logic import Condition, Field, Having, Logical, Measure, Order
from agents.offline.answering.schema import Schema
from agents.offline.answering.sql_fields import PARTS, Fields
from agents.offline.answering.sql_names import alias_of, group_alias, unique_names

FUNCTIONS = {
    "sum": "sum({})",
    "mean": "avg({})",
    "median": "median({})",
    "min": "min({})",
    "max": "max({})",
    "deviation": "stddev_samp({})",
    "distinct": "count(DISTINCT {})",
    "difference": "max({0}) - min({0})",
    "count": "count({})",
}


@dataclass(frozen=True)
class Statement:
    sql: str
    values: tuple[Scalar, ...]


class Writer(Fields):
    """Writes one statement: joins and values are collected while its clauses are written."""

    def __init__(self, schema: Schema, query: Logical) -> None:
        super().__init__(schema)
        self.query = query

    def statement(self) -> Statement:
        """Return the whole SELECT, with its values in the order of their `?`."""
        query = self.query
        if query.measures and query.measures[0].per:
            return self._nested()
        values: list[Scalar] = []
        select = self._select(values)
        where = self._where(values)
        having = self._having(values)
        order = self._order(values)
        text = f"SELECT {'DISTINCT ' if query.distinct else ''}{', '.join(select)}\n{self._from()}"
        text += where + self._group_by() + having + self._best(values) + order + self._limit()
        if query.count_groups:
            text = f"SELECT count(*) AS {quoted('count')}\nFROM (\n{_indented(text)}\n) AS g"
        return Statement(text, tuple(values))

    def _nested(self) -> Statement:
        """Aggregate the totals of groups: the average number of rows in a day."""
        measure = self.query.measures[0]
        inner = measure.model_copy(update={"per": ()})
        changes = {
            "groups": (*self.query.groups, *measure.per),
            "measures": (inner,),
            "order": (),
            "limit": None,
            "having": (),
        }
        part = Writer(self.schema, self.query.model_copy(update=changes)).statement()
        names = unique_names(
            [*map(group_alias, (*self.query.groups, *measure.per)), alias_of(inner)]
        )
        kept = [quoted(name) for name in names[: len(self.query.groups)]]
        outer = FUNCTIONS[measure.outer].format(quoted(names[-1]))
        title = quoted(alias_of(measure))
        text = f"SELECT {', '.join([*kept, f'{outer} AS {title}'])}\n"
        text += f"FROM (\n{_indented(part.sql)}\n) AS g"
        if kept:
            text += f"\nGROUP BY {', '.join(kept)}{self._order([])}"
        return Statement(text + self._limit(), part.values)

    def _select(self, values: list[Scalar]) -> list[str]:
        query = self.query
        if query.fields:
            names = unique_names([group_alias(field) for field in query.fields])
            return [
                f"{self.field(field)} AS {quoted(name)}"
                for field, name in zip(query.fields, names, strict=True)
            ]
        if not query.measures and not query.groups:
            return ["t.*"]
        names = self.names()
        texts = [self.field(field) for field in query.groups]
        texts += [self.measure(measure, values) for measure in query.measures]
        return [f"{text} AS {quoted(name)}" for text, name in zip(texts, names, strict=True)]

    def names(self) -> list[str]:
        """Return the names of the columns of groups and measures."""
        groups = [group_alias(field) for field in self.query.groups]
        return unique_names(groups + [alias_of(measure) for measure in self.query.measures])

    def _from(self) -> str:
        return "\n".join([f"FROM {quoted(self.query.base)} AS t", *self.joins])

    def _where(self, values: list[Scalar]) -> str:
        parts = [self.condition(one, values) for one in self.query.where]
        return "\nWHERE " + "\n  AND ".join(parts) if parts else ""

    def _group_by(self) -> str:
        if not self.query.groups or self.query.fields:
            return ""
        places = ", ".join(str(place + 1) for place in range(len(self.query.groups)))
        return f"\nGROUP BY {places}"

    def _having(self, values: list[Scalar]) -> str:
        parts = [self._having_part(one, values) for one in self.query.having]
        return "\nHAVING " + " AND ".join(parts) if parts else ""

    def _having_part(self, having: Having, values: list[Scalar]) -> str:
        text = self.measure(having.measure, values)
        values += having.values
        if having.operator == "between":
            return f"{text} BETWEEN ? AND ?"
        return f"{text} {having.operator} ?"

    def _best(self, values: list[Scalar]) -> str:
        if not self.query.best_of_each:
            return ""
        first = self.field(self.query.groups[0])
        ranking = ", ".join(self._order_text(one, values) for one in self.query.order)
        limit = int(self.query.limit or 1)
        return f"\nQUALIFY row_number() OVER (PARTITION BY {first} ORDER BY {ranking}) <= {limit}"

    def _order(self, values: list[Scalar]) -> str:
        query = self.query
        parts: list[str] = []
        if query.best_of_each:
            first = self.field(query.groups[0]) if query.fields else "1"
            return f"\nORDER BY {first}"
        for one in query.order:
            parts.append(self._ordered(one, values))
        # Ties keep one order, so that the same question has the same answer.
        groups = range(1, len(query.groups) + 1)
        parts += [str(place) for place in groups if not _orders_group(query, place - 1)]
        if not query.measures and not query.groups and query.order:
            parts += [str(place + 1) for place in range(len(query.fields))]
        return f"\nORDER BY {', '.join(parts)}" if parts else ""

    def _ordered(self, order: Order, values: list[Scalar]) -> str:
        direction = "DESC" if order.descending else "ASC"
        if order.by == "field":
            assert order.field is not None
            return f"{self.field(order.field)} {direction} NULLS LAST"
        place = order.place + 1 + (len(self.query.groups) if order.by == "measure" else 0)
        return f"{place} {direction} NULLS LAST"

    def _order_text(self, order: Order, values: list[Scalar]) -> str:
        direction = "DESC" if order.descending else "ASC"
        if order.by == "measure":
            return (
                f"{self.measure(self.query.measures[order.place], values)} {direction} NULLS LAST"
            )
        field = order.field or self.query.groups[order.place]
        return f"{self.field(field)} {direction} NULLS LAST"

    def _limit(self) -> str:
        query = self.query
        if query.limit is None or query.best_of_each or query.count_groups:
            return ""
        offset = f" OFFSET {int(query.offset)}" if query.offset else ""
        return f"\nLIMIT {int(query.limit)}{offset}"

    def measure(self, measure: Measure, values: list[Scalar]) -> str:
        """Return the expression of a measure, without its `per`."""
        if measure.aggregate == "share":
            return self._share(measure, values)
        if measure.aggregate == "missing":
            assert measure.field is not None
            return f"count(*) - count({self.field(measure.field)})"
        if measure.aggregate in ("correlation", "ratio", "growth"):
            return self._two(measure)
        text = "*" if measure.field is None else self.field(measure.field)
        return FUNCTIONS[measure.aggregate].format(text) + self._filter(measure, values)

    def _two(self, measure: Measure) -> str:
        assert measure.field is not None
        assert measure.second is not None
        first, second = self.field(measure.field), self.field(measure.second)
        if measure.aggregate == "correlation":
            return f"corr({first}, {second})"
        if measure.aggregate == "growth":
            return f"arg_max({first}, {second}) - arg_min({first}, {second})"
        return f"sum({first}) / nullif(sum({second}), 0)"

    def _share(self, measure: Measure, values: list[Scalar]) -> str:
        whole = "count(*)" if measure.field is None else f"sum({self.field(measure.field)})"
        if measure.only:
            part = f"{whole}{self._filter(measure, values)}"
            return f"100.0 * {part} / nullif({whole}, 0)"
        return f"100.0 * {whole} / nullif(sum({whole}) OVER (), 0)"

    def _filter(self, measure: Measure, values: list[Scalar]) -> str:
        if not measure.only:
            return ""
        parts = " AND ".join(self.condition(one, values) for one in measure.only)
        return f" FILTER (WHERE {parts})"

    def condition(self, condition: Condition, values: list[Scalar]) -> str:
        """Return the expression of a condition; its values are added to `values`."""
        text = self.field(condition.field)
        operator = condition.operator
        if operator in ("null", "not null"):
            return f"{text} IS {'NOT ' if operator == 'not null' else ''}NULL"
        if condition.other is not None:
            return f"{text} {operator} {self.field(condition.other)}"
        if condition.aggregate:
            function = FUNCTIONS[condition.aggregate].format(f"u.{quoted(condition.field.name)}")
            inner = f"FROM {quoted(condition.field.table)} AS u SELECT {function}"
            return f"{text} {operator} ({inner})"
        return self._compared(condition, text, values)

    def _compared(self, condition: Condition, text: str, values: list[Scalar]) -> str:
        mark = self._mark(condition.field)
        operator = condition.operator
        if operator in ("contains", "not contains"):
            values.append(f" {condition.values[0]} ".lower())
            negated = "NOT " if operator == "not contains" else ""
            return f"{negated}contains(' ' || lower({text}) || ' ', ?)"
        values += condition.values
        if operator == "between":
            return f"{text} BETWEEN {mark} AND {mark}"
        if operator in ("in", "not in"):
            marks = ", ".join([mark] * len(condition.values))
            return f"{text} {operator.upper()} ({marks})"
        return f"{text} {operator} {mark}"

    def _mark(self, field: Field) -> str:
        if field.unit in PARTS:
            return "?"
        if field.parts or field.unit in ("day", "week", "month", "quarter", "year"):
            place = None if field.parts else self.schema.place(field.table, field.name)
            return "?" if place is not None and place.is_number else "CAST(? AS DATE)"
        kind = self.schema.place(field.table, field.name).column.kind
        if field.unit:
            return "?"
        return {"date": "CAST(? AS DATE)", "datetime": "CAST(? AS TIMESTAMP)"}.get(kind, "?")


def _orders_group(query: Logical, place: int) -> bool:
    return any(one.by == "group" and one.place == place for one in query.order)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
