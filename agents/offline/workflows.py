"""Workflows: what a user starts with '/', and the check of what the form was filled in with."""

from collections.abc import Mapping

from agents.chats import Workflow
from agents.data_model import DataModel, Scalar

WORKFLOWS: tuple[Workflow, ...] = ()


def check_parameters(
    workflow: Workflow, given: Mapping[str, Scalar], model: DataModel
) -> dict[str, str]:
    """Return what is wrong with each parameter."""
    known = {one.name for one in workflow.parameters}
    return {name: f"There is no parameter {name!r}." for name in given if name not in known}
