"""What users of a table should know about it, found in its values."""

from collections.abc import Callable, Iterator

from agents.data.connection import Connection
from agents.data.drafts import ColumnDraft, TableDraft
from agents.data.limits import Severity
from agents.data.ranges import finite
from agents.data.wording import counted
from agents.data_model import Issue, Scalar

SOME_NULLS, MANY_NULLS = 0.2, 0.5
# Beyond so many interquartile ranges a value is far out; of more than a share, none is.
FAR = 3.0
LARGEST_OUTLYING = 0.05
# Far from every other date: a wrong digit, or a stand-in for "never".
LATE_YEARS = 5
LAST_YEAR = 2100
STAND_INS = (-99, -999, -9999, -99999, 999, 9999, 99999, 999999)
FEWEST_ROWS = 10


def find_duplicates(table: TableDraft, connection: Connection) -> None:
    """Count the rows that repeat another one completely; a key rules them out."""
    if table.primary_key or table.rows < 2:
        return
    [(different,)] = connection.rows(f"SELECT count(*) FROM (SELECT DISTINCT * FROM {table.sql})")
    table.duplicates = table.rows - different


def find_issues(table: TableDraft, connection: Connection) -> None:
    """Find what is odd about the table and its columns, in the order of the columns."""
    if table.duplicates:
        message = f"{table.duplicates:,} of {table.rows:,} rows repeat another row completely."
        table.issues.append(_issue(table, "duplicate_rows", message, "warning"))
    if not table.rows:
        table.issues.append(_issue(table, "no_rows", "The table has no rows.", "warning"))
        return
    for column in table.columns:
        for look in LOOKS:
            table.issues += look(table, column, connection)


def _issue(
    table: TableDraft, code: str, message: str, severity: Severity = "info", column: str = ""
) -> Issue:
    return Issue(severity=severity, code=code, table=table.name, column=column, message=message)


def _missing(table: TableDraft, column: ColumnDraft, _: Connection) -> Iterator[Issue]:
    share = column.nulls / table.rows
    if column.nulls == table.rows:
        yield _issue(table, "no_values", "The column has no values.", "warning", column.name)
    elif share >= SOME_NULLS:
        message = f"{column.nulls:,} of {table.rows:,} values are missing ({100 * share:.1f} %)."
        severity: Severity = "warning" if share >= MANY_NULLS else "info"
        yield _issue(table, "many_nulls", message, severity, column.name)


def _constant(table: TableDraft, column: ColumnDraft, _: Connection) -> Iterator[Issue]:
    if column.distinct == 1 and column.nulls == 0 and table.rows > 1:
        value = column.top[0].value if column.top else column.minimum
        message = f"The value is the same in all rows: {shown(value)}."
        yield _issue(table, "constant", message, column=column.name)


def _identifier(table: TableDraft, column: ColumnDraft, _: Connection) -> Iterator[Issue]:
    if column.role == "identifier" and column.kind == "number":
        message = "The numbers name things; sums and averages of them mean nothing."
        yield _issue(table, "numeric_identifier", message, column=column.name)


def _outliers(table: TableDraft, column: ColumnDraft, connection: Connection) -> Iterator[Issue]:
    if column.role != "measure" or not column.quartiles or table.rows < FEWEST_ROWS:
        return
    low, high = column.quartiles
    reach = FAR * (high - low)
    if reach <= 0:
        return
    value = finite(column)
    [(count,)] = connection.rows(
        f"SELECT count_if({value} < ? OR {value} > ?) FROM {table.sql}", [low - reach, high + reach]
    )
    if 0 < count <= LARGEST_OUTLYING * table.rows:
        sides = [
            f"below {shown(low - reach)}" if _is_below(column.minimum, low - reach) else "",
            f"above {shown(high + reach)}" if _is_below(high + reach, column.maximum) else "",
        ]
        message = f"{values(count, 'lies', 'lie')} far from the others: {' or '.join(filter(None, sides))}."
        yield _issue(table, "outliers", message, column=column.name)


def _is_below(one: Scalar, other: Scalar) -> bool:
    return isinstance(one, int | float) and isinstance(other, int | float) and one < other


def _stand_ins(table: TableDraft, column: ColumnDraft, connection: Connection) -> Iterator[Issue]:
    """A number such as -999 at the end of the range, far away and more than once."""
    if column.role != "measure" or not column.quartiles or table.rows < FEWEST_ROWS:
        return
    low, high = column.quartiles
    reach = FAR * (high - low)
    for value in (column.minimum, column.maximum):
        if value in STAND_INS and isinstance(value, int | float):
            [(count,)] = connection.rows(
                f"SELECT count_if({column.sql} = ?) FROM {table.sql}", [value]
            )
            if count > 1 and not low - reach <= value <= high + reach:
                message = (
                    f"{count:,} values are {shown(value)}, which may stand for a missing value."
                )
                yield _issue(table, "stand_in_values", message, "warning", column.name)


def _late_dates(table: TableDraft, column: ColumnDraft, connection: Connection) -> Iterator[Issue]:
    if column.kind not in ("date", "datetime") or not column.distinct:
        return
    usual = f"quantile_disc({column.sql}, 0.99)"
    [(count, last)] = connection.rows(
        f"WITH u AS (SELECT {usual} AS v FROM {table.sql} WHERE isfinite({column.sql})) "
        f"SELECT count(*), CAST(max({column.sql}) AS VARCHAR) FROM {table.sql}, u "
        f"WHERE year({column.sql}) > year(v) + {LATE_YEARS} OR year({column.sql}) >= {LAST_YEAR} "
        f"OR NOT isfinite({column.sql})"
    )
    if count:
        message = f"{values(count, 'lies', 'lie')} far in the future of the others, up to {last}."
        yield _issue(table, "future_dates", message, "warning", column.name)


def _spellings(table: TableDraft, column: ColumnDraft, connection: Connection) -> Iterator[Issue]:
    if column.kind != "category" or column.role == "identifier":
        return
    [(different,)] = connection.rows(
        f"SELECT count(DISTINCT lower(trim({column.sql}))) FROM {table.sql}"
    )
    if different < column.distinct:
        message = (
            f"{values(column.distinct - different, 'differs', 'differ')} from others "
            "only in upper and lower case or in spaces."
        )
        yield _issue(table, "inconsistent_spelling", message, "warning", column.name)


def values(count: int, verb: str, verbs: str) -> str:
    """Return `1 value lies`, `2 values lie`."""
    return counted(count, f"value {verb}", f"values {verbs}")


def shown(value: Scalar) -> str:
    """Return a value as people write it."""
    if isinstance(value, float):
        return f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) and abs(value) > LAST_YEAR else f"{value}"[:80]


Look = Callable[[TableDraft, ColumnDraft, Connection], Iterator[Issue]]
LOOKS: tuple[Look, ...] = (
    _missing,
    _constant,
    _identifier,
    _outliers,
    _stand_ins,
    _late_dates,
    _spellings,
)
