"""The numbers that a text may use: those of a profile, of findings, of sentences."""

from collections.abc import Iterable, Sequence

from agents.data_model import Column, DataModel, Scalar
from agents.grounding import Evidence, evidence
from agents.offline.ledger import distinct_frameworks, open_gaps, unique_points
from agents.plans import Citation, IterationResult


def of_profile(model: DataModel) -> Evidence:
    """Return the numbers of a profile, all of which were computed from the rows."""
    values: list[Scalar] = [len(model.tables), len(model.relationships), model.quality.score]
    for table in model.tables:
        values += [table.rows, len(table.columns), table.duplicates]
        values += [value for column in table.columns for value in _of_column(column)]
    shares = [one.coverage for one in model.relationships]
    return evidence(values=[*values, *shares], texts=[one.message for one in model.issues])


def of_results(results: Sequence[IterationResult], texts: Iterable[str]) -> Evidence:
    """Return the numbers of the sentences and figures that were cited, of counts, and of texts.

    Not those of findings and insights themselves: a model may have written them.
    """
    found = [finding for result in results for finding in result.findings]
    points = [point for result in results for point in result.data_points]
    quoted = [one.quote for finding in found for one in finding.citations]
    quoted += [point.citation.quote for point in points]
    values: list[Scalar] = [value for point in points for value in (point.value, point.high)]
    values += [len(found), len(points), len(unique_points(results)), len(results)]
    values += [len(open_gaps(results)), sum(len(result.insights) for result in results)]
    values += [len(distinct_frameworks(results)), len({one.document for one in _cited(results)})]
    values += [result.number for result in results]
    return evidence(values=values, texts=[*quoted, *texts])


def _cited(results: Sequence[IterationResult]) -> list[Citation]:
    findings = [finding for result in results for finding in result.findings]
    return [citation for finding in findings for citation in finding.citations]


def _of_column(column: Column) -> list[Scalar]:
    values = [column.minimum, column.maximum, column.mean, column.median, column.deviation]
    top = [value for one in column.top for value in (one.value, one.count)]
    return [*values, column.nulls, column.distinct, *top]
