"""What a tool is, and what it may work with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from agents.base import CancelFlag
from agents.data_model import DataModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """What a tool may work with.

    `material` is what the conversation last came to: `question`, `query` (the JSON form of
    `agents.chats.Query`, or None) and `history` (of `agents.chats.Turn`, oldest first).
    """

    model: DataModel
    folder: str  # the tables as Parquet
    workspace: str  # where files may be written
    cancel: CancelFlag
    material: Mapping[str, Any]


class Tool(Protocol):
    """One thing a reply can do. `arguments` is the shape its arguments are checked against."""

    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def arguments(self) -> type[BaseModel]: ...

    @property
    def needs_approval(self) -> bool: ...

    @property
    def modes(self) -> frozenset[str]: ...

    def run(self, arguments: BaseModel, context: ToolContext) -> Any:
        """Return the result as JSON. Raises `agents.exceptions.AgentError`."""
        ...
