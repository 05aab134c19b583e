"""The workflows that a user can start, their forms, and the check of what was filled in."""

from collections.abc import Mapping

from agents.chats import Parameter, Workflow
from agents.data_model import Column, DataModel, Scalar, Table

MOST_SHOWN = 50
TABLE = Parameter(name="table", label="Table", type="table")
WORKFLOWS: tuple[Workflow, ...] = (
    Workflow(
        name="profile",
        title="Profile a table",
        description="Count rows, gaps and different values of each column again, with its issues.",
        parameters=(TABLE,),
    ),
    Workflow(
        name="compare-columns",
        title="Compare two columns",
        description=(
            "Correlation of two numbers, a crosstab of two categories, or statistics of a number "
            "in each category."
        ),
        parameters=(
            TABLE,
            Parameter(name="first", label="First column", type="column"),
            Parameter(name="second", label="Second column", type="column"),
        ),
    ),
    Workflow(
        name="top-values",
        title="Most frequent values",
        description="The most frequent values of a column, with their shares.",
        parameters=(
            TABLE,
            Parameter(name="column", label="Column", type="column"),
            Parameter(
                name="limit", label="How many", type="integer", required=False, default=10,
                minimum=1, maximum=MOST_SHOWN,
            ),
        ),
    ),
    Workflow(
        name="missing-values",
        title="Missing values",
        description="How many values are missing in each column of a table.",
        parameters=(TABLE,),
    ),
    Workflow(
        name="outliers",
        title="Outliers",
        description="Values of a number that lie far outside the middle half of all values.",
        parameters=(
            TABLE,
            Parameter(name="column", label="Column", type="column", help="A column of numbers."),
            Parameter(
                name="factor", label="Distance", type="number", required=False, default=1.5,
                minimum=0.5, maximum=10,
                help="How many times the width of the middle half a value may be away from it.",
            ),
        ),
    ),
    Workflow(
        name="export-report",
        title="Export a report",
        description="Write the data model and this conversation as Markdown into the workspace.",
        parameters=(
            Parameter(
                name="path", label="File", type="text", required=False, default="report.md",
                help="Inside the workspace; it has to end with .md.",
            ),
            Parameter(name="title", label="Title", type="text", required=False, default=""),
        ),
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in WORKFLOWS}
NUMERIC = {"outliers": ("column",)}  # the columns that have to hold numbers
LONGEST_TEXT = 200


def check_parameters(
    workflow: Workflow, given: Mapping[str, object], model: DataModel
) -> dict[str, str]:
    """Return what is wrong with each field that was filled in; nothing if all can be used."""
    known = {one.name: one for one in workflow.parameters}
    errors = {
        name: f"{workflow.name} has no field {name!r}. Its fields are: {', '.join(known) or 'none'}."
        for name in given
        if name not in known
    }
    for parameter in workflow.parameters:
        error = _error(parameter, given.get(parameter.name), given, model)
        if error:
            errors[parameter.name] = error
    return errors or _kind_errors(workflow, given, model)


def _error(
    parameter: Parameter, value: object, given: Mapping[str, object], model: DataModel
) -> str:
    if value is None or value == "":
        return f"{parameter.label} is missing; fill it in." if parameter.required else ""
    match parameter.type:
        case "integer" | "number":
            return _number_error(parameter, value)
        case "boolean":
            return "" if isinstance(value, bool) else f"{parameter.label} has to be true or false."
        case "table":
            return _one_of(parameter, value, [table.name for table in model.tables])
        case "column":
            table = table_of(model, given.get("table"))
            names = [column.name for column in table.columns] if table else []
            return _one_of(parameter, value, names) if table else ""
        case "choice":
            return _one_of(parameter, value, parameter.choices)
    is_text = isinstance(value, str) and len(value) <= LONGEST_TEXT
    return "" if is_text else f"{parameter.label} has to be text of at most {LONGEST_TEXT} letters."


def _number_error(parameter: Parameter, value: object) -> str:
    whole = parameter.type == "integer"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return f"{parameter.label} has to be a {'whole ' if whole else ''}number."
    assert isinstance(value, int | float)
    low, high = parameter.minimum, parameter.maximum
    # Written so that NaN is refused as well.
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        return f"{parameter.label} has to be between {low:g} and {high:g}."
    return ""


def _one_of(parameter: Parameter, value: object, names: list[str] | tuple[str, ...]) -> str:
    if value in names:
        return ""
    shown = ", ".join(names[:MOST_SHOWN])
    return f"{parameter.label} has to be one of: {shown}."


def _kind_errors(
    workflow: Workflow, given: Mapping[str, object], model: DataModel
) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in NUMERIC.get(workflow.name, ()):
        column = column_of(model, given.get("table"), given.get(name))
        if column is not None and column.kind != "number":
            errors[name] = f"{column.name} is no column of numbers; choose one that is."
    if workflow.name == "compare-columns" and given.get("first") == given.get("second"):
        errors["second"] = "Choose two different columns."
    return errors


def table_of(model: DataModel, name: object) -> Table | None:
    return next((table for table in model.tables if table.name == name), None)


def column_of(model: DataModel, table: object, name: object) -> Column | None:
    found = table_of(model, table)
    columns = found.columns if found else ()
    return next((column for column in columns if column.name == name), None)


def with_defaults(workflow: Workflow, given: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return the parameters, with the defaults of those that were left open."""
    filled = {one.name: one.default for one in workflow.parameters}
    return filled | {name: value for name, value in given.items() if value not in (None, "")}
