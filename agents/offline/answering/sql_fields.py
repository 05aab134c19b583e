"""Fields as SQL expressions, and the joins that lead to them."""

from agents.data.naming import quoted
from agents.offline.answering.logic import Field
from agents.offline.answering.schema import Schema

PARTS = {
    "weekday": "isodow",
    "month_of_year": "month",
    "hour_of_day": "hour",
}


class Fields:
    """Writes fields; each table on the way is joined once, in the order of need."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.aliases: dict[tuple[int, ...], str] = {(): "t"}
        self.joins: list[str] = []

    def field(self, field: Field) -> str:
        """Return the expression of a field; joins its table if that was not done yet."""
        alias = self._alias(field.path)
        if field.parts:
            text = f"make_date({', '.join(f'{alias}.{quoted(part)}' for part in field.parts)})"
        else:
            text = f"{alias}.{quoted(field.name)}"
        if field.bins:
            return self._bin(field, text)
        if field.unit in PARTS:
            return f"date_part('{PARTS[field.unit]}', {text})"
        if field.unit == "day":
            return f"CAST({text} AS DATE)"
        if field.unit == "hour":
            return f"date_trunc('hour', {text})"
        if field.unit:
            return self._truncated(field, text)
        return text

    def _truncated(self, field: Field, text: str) -> str:
        if not field.parts and self.schema.place(field.table, field.name).is_number:
            step = 10 if field.unit == "decade" else 1
            return f"CAST(floor({text} / {step}) * {step} AS BIGINT)"
        return f"CAST(date_trunc('{field.unit}', {text}) AS DATE)"

    def _bin(self, field: Field, text: str) -> str:
        column = self.schema.place(field.table, field.name).column
        low, high = float(str(column.minimum)), float(str(column.maximum))
        width = bin_width(low, high, field.bins)
        return f"floor({text} / {width}) * {width}"

    def _alias(self, path: tuple[int, ...]) -> str:
        if path not in self.aliases:
            before = self._alias(path[:-1])
            alias = f"j{len(self.aliases)}"
            self.aliases[path] = alias
            number = path[-1]
            one = self.schema.relationship(~number if number < 0 else number)
            table = one.table if number < 0 else one.to_table
            here, there = (one.to_columns, one.columns) if number < 0 else (
                one.columns, one.to_columns,
            )  # fmt: skip
            on = " AND ".join(
                f"{before}.{quoted(left)} = {alias}.{quoted(right)}"
                for left, right in zip(here, there, strict=True)
            )
            self.joins.append(f"LEFT JOIN {quoted(table)} AS {alias} ON {on}")
        return self.aliases[path]


def bin_width(low: float, high: float, bins: int) -> float:
    """Return a round width that makes about so many bars."""
    raw = (high - low) / bins if high > low else 1.0
    size = 10.0 ** len(str(int(raw))) if raw >= 1 else 1.0
    while size > raw:
        size /= 10
    return next(size * step for step in (1, 2, 2.5, 5, 10) if size * step >= raw)
