"""Tools that a reply may call: what they take, in which mode, and whether a person is asked first.

An engine offers to its model what `agents.chats.ReplyInput.tools` names, and runs a tool through
`TOOLS[name].run`. A tool writes inside the workspace only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from agents.base import CancelFlag
from agents.data_model import DataModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """What a tool may work with."""

    model: DataModel
    folder: str  # the tables as Parquet
    workspace: str  # where files may be written
    cancel: CancelFlag
    material: Mapping[str, Any]  # what the conversation last came to: see each tool


class Tool(Protocol):
    """One thing a reply can do. `arguments` is the shape its arguments are checked against."""

    name: str
    description: str
    arguments: type[BaseModel]
    needs_approval: bool
    modes: frozenset[str]

    def run(self, arguments: BaseModel, context: ToolContext) -> Any:
        """Return the result as JSON. Raises `agents.exceptions.AgentError`."""
        ...


TOOLS: dict[str, Tool] = {}  # by name, in the order in which they are offered


def register(tool: Tool) -> None:
    TOOLS[tool.name] = tool
