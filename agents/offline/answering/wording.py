"""A logical query in words: how the question was understood."""

from agents.data_model import Scalar
from agents.offline.answering.logic import Condition, Field, Having, Logical, Measure, Order
from agents.offline.answering.schema import Schema

LARGEST_WHOLE = 1e15
OPERATORS = {
    "=": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "between": "is between",
    "in": "is one of",
    "not in": "is none of",
    "null": "is missing",
    "not null": "is not missing",
    "contains": "has the word",
    "not contains": "has not the word",
}
AGGREGATES = {
    "sum": "total",
    "mean": "average",
    "median": "median",
    "min": "minimum",
    "max": "maximum",
    "deviation": "standard deviation of",
    "difference": "difference between the largest and the smallest",
}


class Wording:
    def __init__(self, schema: Schema, query: Logical) -> None:
        self.schema = schema
        self.query = query

    def sentence(self) -> str:
        """Return the interpretation, without a full stop."""
        query = self.query
        parts = [self._what()]
        if query.where:
            parts.append("where " + " and ".join(map(self.condition, query.where)))
        if query.groups and not query.count_groups and not query.fields:
            parts.append("for each " + " and ".join(map(self.field, query.groups)))
        if query.having:
            parts.append("with " + " and ".join(map(self._having, query.having)))
        text = ", ".join(parts) + self._order()
        return text[:1].upper() + text[1:]

    def _what(self) -> str:
        query = self.query
        if query.count_groups:
            return "the number of different " + " and ".join(map(self.field, query.groups))
        if query.measures:
            return " and ".join(map(self.measure, query.measures))
        if not query.fields:
            return f"rows of {query.base}"
        kind = "the different values of " if query.distinct else "rows of " + query.base + ": "
        return kind + ", ".join(map(self.field, query.fields))

    def measure(self, measure: Measure) -> str:
        """Return what a measure is: "the average dep_delay"."""
        if measure.per:
            inner = self.measure(measure.model_copy(update={"per": ()}))
            per = " and ".join(map(self.field, measure.per))
            return f"the {AGGREGATES[measure.outer]} per {per} of {inner}"
        simple = self._simple(measure)
        if measure.only and measure.aggregate != "share":
            return simple + " where " + " and ".join(map(self.condition, measure.only))
        return simple

    def _simple(self, measure: Measure) -> str:
        name = self.field(measure.field) if measure.field else ""
        if measure.aggregate == "count":
            values = f"values of {name}" if name else f"rows of {self.query.base}"
            return f"the number of {values}"
        if measure.aggregate == "distinct":
            return f"the number of different values of {name}"
        if measure.aggregate == "missing":
            return f"the number of rows without {name}"
        if measure.aggregate == "share":
            return self._share(measure, name)
        if measure.aggregate == "growth":
            return f"the change of {name} from the first to the last {self._time(measure)}"
        if measure.second is not None:
            word = "with" if measure.aggregate == "correlation" else "to"
            return f"the {measure.aggregate} of {name} {word} {self.field(measure.second)}"
        return f"the {AGGREGATES[measure.aggregate]} {name}"

    def _time(self, measure: Measure) -> str:
        return self.field(measure.second) if measure.second else "time"

    def _share(self, measure: Measure, name: str) -> str:
        whole = f"the total {name}" if name else f"the rows of {self.query.base}"
        if not measure.only:
            return f"the percentage of {whole}"
        return f"the percentage of {whole} where " + " and ".join(map(self.condition, measure.only))

    def conditions(self) -> str:
        """Return all conditions in words."""
        return " and ".join(map(self.condition, self.query.where))

    def condition(self, condition: Condition) -> str:
        """Return a condition in words."""
        name = self.field(condition.field)
        told = OPERATORS[condition.operator]
        if condition.other is not None:
            return f"{name} {told} {self.field(condition.other)}"
        if condition.aggregate:
            return f"{name} {told} its {AGGREGATES[condition.aggregate]}"
        joint = " and " if condition.operator == "between" else ", "
        values = joint.join(self.value(condition.field, one) for one in condition.values)
        return f"{name} {told} {values}".strip()

    def value(self, field: Field, value: Scalar) -> str:
        """Return a value of a field; years have no separators."""
        if (
            field.parts
            or field.unit == "year"
            or self.schema.place(field.table, field.name).is_year
        ):
            return str(value)
        return value_text(value)

    def _having(self, having: Having) -> str:
        values = " and ".join(map(value_text, having.values))
        operator = OPERATORS[having.operator].removeprefix("is ")
        return f"{self.measure(having.measure)} {operator} {values}"

    def _order(self) -> str:
        query = self.query
        if not query.order:
            return f", the first {query.limit}" if query.limit else ""
        told = ", then ".join(map(self._ordered, query.order))
        each = f" within each {self.field(query.groups[0])}" if query.best_of_each else ""
        if query.limit is None:
            return f", ordered by {told}"
        place = f" from place {query.offset + 1}" if query.offset else ""
        return f"; the first {query.limit}{place}{each} by {told}"

    def _ordered(self, order: Order) -> str:
        direction = "largest first" if order.descending else "smallest first"
        if order.by == "measure":
            return f"{self.measure(self.query.measures[order.place]).removeprefix('the ')}, {direction}"
        field = order.field or self.query.groups[order.place]
        return f"{self.field(field)}, {direction}"

    def field(self, field: Field) -> str:
        """Return a field in words."""
        name = "date" if field.parts else field.name
        if field.path:
            name = f"{field.table}.{name} (by {self._way(field)})"
        if field.bins:
            return f"range of {name}"
        if field.unit and field.unit != name.lower():
            return f"{field.unit.replace('_', ' ')} of {name}"
        return name

    def _way(self, field: Field) -> str:
        number = field.path[-1]
        one = self.schema.relationship(~number if number < 0 else number)
        return ", ".join(one.columns)


def value_text(value: Scalar) -> str:
    """Return a value for people: numbers with separators, nothing as such."""
    if value is None:
        return "(missing)"
    if isinstance(value, bool | str):
        return str(value)
    return number_text(value)


def number_text(value: float) -> str:
    """Return a number as people read it: whole, or with at most four significant digits."""
    if value == int(value) and abs(value) < LARGEST_WHOLE:
        return f"{int(value):,}"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.1f}"
    if size < 0.001:
        return f"{value:.3g}"
    decimals = 2 if size >= 10 else 3 if size >= 1 else 4
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")
