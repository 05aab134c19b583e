"""Tools that a reply may call: what they take, in which mode, and whether a person is asked first.

An engine offers to its model what `agents.chats.ReplyInput.tools` names, and runs a tool through
`TOOLS[name].run`. A tool writes inside the workspace only.
"""

from agents.tool_files import SaveFile
from agents.tool_queries import DescribeTable, RunQuery
from agents.tooling import Tool, ToolContext

__all__ = ["TOOLS", "Tool", "ToolContext", "register"]

TOOLS: dict[str, Tool] = {}  # by name, in the order in which they are offered


def register(tool: Tool) -> None:
    TOOLS[tool.name] = tool


for _tool in (SaveFile(), DescribeTable(), RunQuery()):
    register(_tool)
