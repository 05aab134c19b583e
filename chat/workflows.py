"""Workflows as a session offers them: the engine's list, and the check of what was filled in."""

from typing import Any

from agents.chats import Parameter, Workflow
from agents.data_model import DataModel, Scalar
from agents.offline.workflows import WORKFLOWS, check_parameters
from chat.exceptions import InvalidMessage
from chat.models import ChatSession


def forms(session: ChatSession) -> list[Workflow]:
    """Return the workflows with what can be chosen of this session's data filled in.

    Without a data model nothing can be chosen yet.
    """
    if session.data_set.model is None:
        return list(WORKFLOWS)
    model = DataModel.recorded(session.data_set.model)
    return [
        one.model_copy(
            update={"parameters": tuple(_filled(each, model) for each in one.parameters)}
        )
        for one in WORKFLOWS
    ]


def _filled(parameter: Parameter, model: DataModel) -> Parameter:
    if parameter.type == "table":
        choices = [table.name for table in model.tables]
    elif parameter.type == "column":
        choices = [column.name for table in model.tables for column in table.columns]
    else:
        return parameter
    return parameter.model_copy(update={"choices": tuple(dict.fromkeys(choices))})


def checked(
    session: ChatSession, name: str, parameters: dict[str, Any]
) -> tuple[Workflow, dict[str, Scalar]]:
    """Return a workflow and its parameters with defaults filled in. Raises `InvalidMessage`."""
    found = next((one for one in WORKFLOWS if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in WORKFLOWS)
        raise InvalidMessage(
            {"workflow": f"There is no workflow {name!r}; choose one of: {known}."}
        )
    defaults = {one.name: one.default for one in found.parameters if one.default is not None}
    given = {**defaults, **parameters}
    model = DataModel.recorded(session.data_set.model)
    if errors := check_parameters(found, given, model):
        raise InvalidMessage(errors)
    return found, given


def as_text(workflow: Workflow, parameters: dict[str, Scalar]) -> str:
    """Return what the conversation shows of a workflow that was started."""
    given = ", ".join(f"{name}: {value}" for name, value in parameters.items())
    return f"/{workflow.name} {given}".strip()
