"""The `workflow` step: one thing that a user started from a form, and its result as a card."""

from collections.abc import Callable, Iterator, Mapping

from agents.adapters import Call
from agents.base import AgentEvent, Done, Progress
from agents.chats import WorkflowInput, WorkflowResult
from agents.data.querying import Database
from agents.exceptions import Permanent
from agents.offline import workflow_columns, workflow_comparing, workflow_reports, workflow_tables
from agents.offline.workflow_forms import BY_NAME, WORKFLOWS, check_parameters, with_defaults
from agents.offline.workflow_shapes import Work

__all__ = ["WORKFLOWS", "check_parameters", "workflow"]

WORKERS: Mapping[str, Callable[[Work], WorkflowResult]] = {
    "profile": workflow_tables.profile,
    "missing-values": workflow_tables.missing_values,
    "compare-columns": workflow_comparing.compare,
    "top-values": workflow_columns.top_values,
    "outliers": workflow_columns.outliers,
    "export-report": workflow_reports.export,
}


def workflow(call: Call) -> Iterator[AgentEvent]:
    """Do one workflow. Raises Permanent (`unknown_workflow`, `bad_parameters`)."""
    ask = WorkflowInput.model_validate(call.input)
    found = BY_NAME.get(ask.workflow)
    if found is None:
        known = ", ".join(BY_NAME)
        message = f"There is no workflow {ask.workflow[:100]!r}. Choose one of: {known}."
        raise Permanent(message, code="unknown_workflow")
    given = with_defaults(found, ask.parameters)
    errors = check_parameters(found, given, ask.model)
    if errors:
        raise Permanent(" ".join(errors.values()), code="bad_parameters")
    yield Progress(percent=0, message=f"{found.title}: reading the data.", agent=found.name)
    with Database.open(ask.folder, call.cancel) as database:
        call.check()
        result = WORKERS[found.name](Work(ask, given, database))
    yield Progress(percent=100, message=f"{found.title}: done.", agent=found.name)
    yield Done(result=result.model_dump(mode="json"))
