"""The numbers that a text may use: those of a profile, of findings, of sentences."""

from collections.abc import Iterable, Sequence

from agents.data_model import Column, DataModel, Scalar
from agents.grounding import Evidence, evidence
from agents.plans import IterationResult


def of_profile(model: DataModel) -> Evidence:
    """Return the numbers of a profile, all of which were computed from the rows."""
    values: list[Scalar] = [len(model.tables), len(model.relationships), model.quality.score]
    for table in model.tables:
        values += [table.rows, len(table.columns), table.duplicates]
        values += [value for column in table.columns for value in _of_column(column)]
    shares = [one.coverage for one in model.relationships]
    return evidence(values=[*values, *shares], texts=[one.message for one in model.issues])


def of_results(results: Sequence[IterationResult], texts: Iterable[str]) -> Evidence:
    """Return the numbers of what was found, of the sentences it rests on, and of other texts."""
    found = [finding for result in results for finding in result.findings]
    points = [point for result in results for point in result.data_points]
    quoted = [one.quote for finding in found for one in finding.citations]
    quoted += [point.citation.quote for point in points]
    said = [finding.text for finding in found]
    said += [text for result in results for text in (*result.insights, result.focus)]
    values = [value for point in points for value in (point.value, point.high)]
    return evidence(values=values, texts=[*quoted, *said, *texts])


def _of_column(column: Column) -> list[Scalar]:
    values = [column.minimum, column.maximum, column.mean, column.median, column.deviation]
    top = [value for one in column.top for value in (one.value, one.count)]
    return [*values, column.nulls, column.distinct, *top]
