"""The workflow that writes a report into the workspace."""

from agents import workspace
from agents.chats import WorkflowResult
from agents.data.wording import counted
from agents.exceptions import Permanent
from agents.offline.inline import escape
from agents.offline.workflow_shapes import Work
from agents.reports import report


def export(work: Work) -> WorkflowResult:
    """Write the data model and the conversation as Markdown."""
    path = str(work.given["path"])
    if not path.lower().endswith(".md"):
        raise Permanent("The file has to end with .md, like report.md.", code="bad_path")
    turns = work.ask.transcript
    text = report(work.ask.model, turns, str(work.given["title"] or ""))
    size = workspace.write(work.ask.workspace, path, text)
    told = counted(len(turns), "question")
    return WorkflowResult(
        title="Report",
        text=f"The report is in **{escape(path)}**: {size:,} bytes, with {told} answered.",
        files=(path,),
    )
