"""Inputs for each kind of step, as the steps before it would leave them."""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from agents.adapters import Call
from agents.base import CancelFlag, Done, StepKind
from agents.chats import ReplyInput, WorkflowInput
from agents.data.profiling import initialise
from agents.data_model import DataFile, DataModel, InitialiseInput
from agents.plans import Proposal

GOAL = "Decide whether to open a second bakery by June 2027 with a budget of EUR 90,000"
QUESTION = "How many loaves were sold by month?"
DOCUMENT = """# The bakery today

Revenue grew by 12% to EUR 480,000 in 2025. Customers praise the reliable quality of the bread.
Rent costs EUR 2,400 per month, and staff costs are EUR 190,000 a year.

## Risks of a second bakery

There is a risk that two trained bakers cannot be found within 6 months. A competitor opened a
bakery in the same street in March 2026. We depend on one supplier for flour.
"""
SALES = """month,town,loaves,price
January,Bern,120,3.50
January,Thun,80,3.40
February,Bern,150,3.50
February,Thun,95,3.60
March,Bern,175,3.70
March,Thun,110,3.60
"""


class Never:
    """A cancel flag that nobody sets."""

    def is_set(self) -> bool:
        return False


def planning_inputs(documents: Sequence[Mapping[str, Any]] = ()) -> dict[StepKind, dict[str, Any]]:
    """Return an input for each planning step."""
    proposal = Proposal(
        title="Open a second bakery",
        approach="Look at strengths, then at risks.",
        frameworks=(("SWOT",), ("Risk assessment",)),
        max_iterations=2,
        checkpoint_interval=1,
    ).model_dump(mode="json")
    earlier: list[dict[str, Any]] = []
    common = {"goal": GOAL, "proposal": proposal, "comments": ["More about costs, please."]}
    return {
        "propose": {
            "goal": GOAL,
            "max_iterations": 2,
            "checkpoint_interval": 1,
            "documents": list(documents),
        },
        "iterate": {
            **common,
            "number": 1,
            "max_iterations": 2,
            "documents": list(documents),
            "earlier": earlier,
        },
        "summarise": {
            **common,
            "checkpoint": 1,
            "iteration": 1,
            "max_iterations": 2,
            "results": earlier,
        },
        "finalise": {**common, "results": earlier, "checkpoints": 1},
        "strategy": {"goal": GOAL, "step": "foundation", "documents": list(documents)},
    }


def chat_inputs() -> dict[StepKind, dict[str, Any]]:
    """Return an input for each step of a chat, over one small data set that is really loaded."""
    given, model = _data_set()
    reply = ReplyInput(question=QUESTION, model=model, folder=given.folder)
    workflow = WorkflowInput(
        workflow="profile",
        parameters={"table": model.tables[0].name},
        model=model,
        folder=given.folder,
    )
    return {
        "initialise": given.model_dump(mode="json"),
        "reply": reply.model_dump(mode="json"),
        "workflow": workflow.model_dump(mode="json"),
    }


@cache
def _data_set() -> tuple[InitialiseInput, DataModel]:
    """Load the data set once for this process; its files go when the process does."""
    place = Path(tempfile.mkdtemp(prefix="cairn-contract-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    path = place / "sales.csv"
    path.write_text(SALES, encoding="utf-8")
    sha256 = hashlib.sha256(SALES.encode()).hexdigest()
    file = DataFile(path=str(path), name="sales.csv", sha256=sha256)
    given = InitialiseInput(name="sales", files=(file,), folder=str(place / "data"))
    return given, _profiled(given, Never())


def _profiled(given: InitialiseInput, cancel: CancelFlag) -> DataModel:
    call = Call(
        run_id="contract",
        step="initialise",
        input=given.model_dump(mode="json"),
        kind="initialise",
        cancel=cancel,
    )
    [result] = [event.result for event in initialise(call) if isinstance(event, Done)]
    return DataModel.model_validate(result)
