"""What the chat steps take and give, as checked, frozen JSON shapes.

reply      ReplyInput     -> Reply
workflow   WorkflowInput  -> WorkflowResult

While a reply is worked out, its parts are told as they are ready (`agents.base.Part`): `intent`
(Intent), `query` (Query), `insight` (Insight), `summary` (Summary), `reference` (Quoted).
"""

from typing import Any, Literal

from pydantic import Field

from agents.data_model import DataModel, Scalar
from agents.plans import Shape

Mode = Literal["plan", "act"]
IntentType = Literal["PARTICULAR", "NOT_PARTICULAR", "HELP", "UNRELATED", "EXIT"]
ChartKind = Literal["bar", "line", "scatter", "histogram", "none"]


class PlotHint(Shape):
    """How the answer would best be drawn; `kind` is `none` where a table says it better."""

    kind: ChartKind
    x: str = ""
    y: str = ""


class Intent(Shape):
    """What a message wants.

    PARTICULAR asks for one thing of the data, NOT_PARTICULAR for an overview, HELP how to use
    this, UNRELATED something the data cannot tell, EXIT to end the conversation.
    """

    intent_type: IntentType
    confidence: float = Field(ge=0, le=1)
    reasoning: str
    plot: PlotHint = PlotHint(kind="none")


class ResultTable(Shape):
    """The first rows of a result; `row_count` counts all of them."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    row_count: int = Field(ge=0)


class Query(Shape):
    """What was executed: exactly this SQL, with these values for its `?`."""

    interpretation: str  # the question as it was understood, in words
    sql: str
    values: tuple[Scalar, ...] = ()
    assumptions: tuple[str, ...] = ()  # what was guessed, and what else it could have been
    result: ResultTable


class Insight(Shape):
    """What the result says, in Markdown. Worked out from all rows, before any is left out."""

    text: str
    facts: tuple[str, ...] = ()


class ColumnStatistics(Shape):
    column: str
    count: int
    nulls: int
    minimum: Scalar = None
    maximum: Scalar = None
    mean: float | None = None
    deviation: float | None = None


class Chart(Shape):
    """A small chart of the result: one `x` and one or more series of as many `values`."""

    kind: ChartKind
    title: str
    x_label: str
    y_label: str
    x: tuple[Scalar, ...]
    series: tuple["Series", ...]


class Series(Shape):
    name: str
    values: tuple[float | None, ...]


class Summary(Shape):
    statistics: tuple[ColumnStatistics, ...] = ()
    chart: Chart | None = None


class Quoted(Shape):
    """A file that the message refers to, or a part of it."""

    reference: str  # as it was written, without the @
    path: str  # inside the root
    kind: Literal["text", "directory", "table"]
    first_line: int = 0
    last_line: int = 0
    text: str
    is_cut: bool = False


class Turn(Shape):
    """An earlier question and its answer, for questions that follow up."""

    question: str
    answer: str
    interpretation: str = ""
    sql: str = ""
    memory: dict[str, Any] = {}  # what the engine itself noted about it: `Reply.memory`


class ToolOffer(Shape):
    """A tool the reply may call. `approval` says whether a person is asked first."""

    name: str
    description: str
    approval: bool


class ReplyInput(Shape):
    question: str
    model: DataModel
    folder: str  # with the tables as Parquet
    mode: Mode = "plan"
    history: tuple[Turn, ...] = ()  # of this branch, oldest first
    references: tuple[Quoted, ...] = ()
    tools: tuple[ToolOffer, ...] = ()
    allowed: tuple[str, ...] = ()  # tools of an agent's own that need not ask
    workspace: str = ""  # the folder in which tools may write
    session_id: str = ""  # for agents that keep something of their own for a session
    asked_by: str = ""  # the name of the user who asks


class Reply(Shape):
    """`text` is the whole answer in Markdown: what the deltas joined give.

    `status` is `answered`, `declined` (unsure: `suggestions` say what can be asked instead),
    `denied` (a person did not allow what was needed) or `ended` (the user said goodbye).
    """

    status: Literal["answered", "declined", "denied", "ended"]
    text: str
    intent: Intent
    query: Query | None = None
    insight: Insight | None = None
    summary: Summary | None = None
    suggestions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # what tools wrote, inside the workspace
    memory: dict[str, Any] = {}
    unverified: tuple[str, ...] = ()  # numbers of the text that nothing executed or cited has


class Parameter(Shape):
    """One field of a workflow's form."""

    name: str
    label: str
    type: Literal["text", "integer", "number", "boolean", "choice", "table", "column"]
    required: bool = True
    choices: tuple[str, ...] = ()
    default: Scalar = None
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None


class Workflow(Shape):
    """Something a user starts with '/': a form, then a result card."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...] = ()


class WorkflowInput(Shape):
    workflow: str
    parameters: dict[str, Scalar]
    model: DataModel
    folder: str
    workspace: str = ""
    transcript: tuple[Turn, ...] = ()


class WorkflowResult(Shape):
    title: str
    text: str  # Markdown
    table: ResultTable | None = None
    chart: Chart | None = None
    files: tuple[str, ...] = ()
