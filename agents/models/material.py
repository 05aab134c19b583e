"""What a model is given to read, as text: schemas, results, earlier turns, files, findings.

Everything here is the text of others, so it is handed out behind the fence, and cut to a share of
what the model can read.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agents.chats import Quoted, ResultTable, Turn
from agents.data_model import Column, DataModel, Scalar, Table
from agents.models.prompts import Fence, visible
from agents.models.settings import ModelSettings
from agents.plans import IterationResult

# Careful: most tokenizers make fewer tokens of English, but more of numbers and names.
CHARACTERS_OF_TOKEN = 3
NONE = "(none)"
# Shares of what there is room for, beside the instructions.
SCHEMA, HISTORY, REFERENCES, EVIDENCE, RESULT = 0.35, 0.15, 0.25, 0.5, 0.15
TOP_VALUES, ROWS, LONGEST_VALUE = 5, 50, 200
Columns = Callable[[Column], str]


@dataclass(frozen=True, slots=True)
class Material:
    """Puts the text of others behind one fence, within the room that the model has."""

    fence: Fence
    settings: ModelSettings

    def room(self, share: float) -> int:
        """Return the characters that a share of the model's context has."""
        tokens = self.settings.context_tokens - self.settings.max_tokens
        return int(tokens * CHARACTERS_OF_TOKEN * share)

    def schema(self, model: DataModel) -> str:
        """Return all tables; of the columns as much as there is room for."""
        most = self.room(SCHEMA)
        text = _schema(model, _details)
        if len(text) > most:
            text = _schema(model, _kinds)
        return self.fence.data(text, "data set", most=most)

    def history(self, turns: Sequence[Turn]) -> str:
        """Return the newest turns that there is room for, oldest first."""
        left = self.room(HISTORY)
        kept: list[str] = []
        for turn in reversed(turns):
            text = f"Question: {turn.question}\nAnswer: {turn.answer}\nSQL: {turn.sql or NONE}"
            if len(text) > left and kept:
                break
            kept.append(text[: max(left, 0)])
            left -= len(text)
        return self.fence.data("\n\n".join(reversed(kept)), "earlier turns") if kept else NONE

    def references(self, quoted: Sequence[Quoted]) -> str:
        most = self.room(REFERENCES) // max(len(quoted), 1)
        parts = [self.fence.data(one.text, f"file {one.path}", most=most) for one in quoted]
        return "\n\n".join(parts) or NONE

    def issues(self, model: DataModel) -> str:
        lines = [f"{one.table} {one.column}: {one.message}" for one in model.issues]
        return self.lines(lines, "issues", self.room(HISTORY))

    def result(self, result: ResultTable) -> str:
        """Return the first rows of a result for the model, and how many there are."""
        shown = result.rows[:ROWS]
        some = f", the first {len(shown)} of them" if len(shown) < result.row_count else ""
        lines = [f"{result.row_count} rows{some}, below the names of their columns:"]
        rows = (list(map(_short, row)) for row in shown)
        lines += [json.dumps(row, ensure_ascii=False) for row in (list(result.columns), *rows)]
        text = "\n".join(lines)
        return self.fence.data(text, "result of the query", most=self.room(RESULT))

    def wishes(self, comments: Sequence[str]) -> str:
        """Return what people asked for: the newest that there is room for, and not as data.

        They are those who may decide, so the model follows them.
        """
        left = self.room(HISTORY)
        kept: list[str] = []
        for comment in reversed(comments):
            left -= len(comment)
            if left < 0 and kept:
                break
            kept.append(f"- {visible(' '.join(comment.split()))[: self.room(HISTORY)]}")
        return "\n".join(reversed(kept)) or NONE

    def lines(self, lines: Iterable[str], label: str, most: int) -> str:
        """Return lines behind the fence, as many as there is room for."""
        kept: list[str] = []
        for line in lines:
            most -= len(line) + 1
            if most < 0 and kept:
                break
            kept.append(line)
        return self.fence.data("\n".join(kept), label) if kept else NONE

    def results(self, results: Sequence[IterationResult]) -> str:
        """Return what the iterations found, the newest first where there is not room for all."""
        lines = [line for one in reversed(results) for line in _found(one)]
        return self.lines(lines, "findings", self.room(EVIDENCE))


def _schema(model: DataModel, columns: Columns) -> str:
    lines = [_table(table, columns) for table in model.tables]
    for one in model.relationships:
        left = f"{one.table}({', '.join(one.columns)})"
        right = f"{one.to_table}({', '.join(one.to_columns)})"
        lines.append(f"{left} refers to {right}: {one.kind}, {one.coverage:.0%} found")
    return "\n\n".join(lines)


def _table(table: Table, columns: Columns) -> str:
    key = f", key {', '.join(table.primary_key)}" if table.primary_key else ""
    head = f'table "{table.name}" ({table.rows} rows{key})'
    return "\n".join([head, *(f"- {columns(column)}" for column in table.columns)])


def _kinds(column: Column) -> str:
    return f'"{column.name}" {column.type}'


def _details(column: Column) -> str:
    parts = [f'"{column.name}" {column.type}, {column.role}']
    parts.append(f"{column.distinct} different, {column.nulls} empty")
    if column.minimum is not None:
        parts.append(f"from {_short(column.minimum)} to {_short(column.maximum)}")
    if column.mean is not None:
        parts.append(f"mean {column.mean:.6g}")
    if column.top:
        top = ", ".join(f"{_short(one.value)} ({one.count})" for one in column.top[:TOP_VALUES])
        parts.append(f"most frequent {top}")
    return "; ".join(parts)


def _short(value: Scalar) -> Scalar:
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{value[:LONGEST_VALUE]}..."
    return value


def _found(result: IterationResult) -> Iterable[str]:
    yield f"Iteration {result.number}: {result.focus}"
    for finding in result.findings:
        cited = " ".join(f"[{one.document}#{one.sentence}]" for one in finding.citations)
        yield f"finding, {finding.framework}, {finding.cell}: {finding.text} {cited}"
    for point in result.data_points:
        cited = f"[{point.citation.document}#{point.citation.sentence}]"
        yield f"figure, {point.label}: {point.text} {cited}"
    yield from (f"insight: {insight}" for insight in result.insights)
    yield from (f"gap, {gap.framework}, {gap.cell}: {gap.task}" for gap in result.gaps)
