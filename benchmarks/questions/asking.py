"""Ask an engine: a data set is taken in once, then each question is a conversation of its own."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.base import JSON, ApprovalNeeded, Done, Engine, StepContext, StepKind
from agents.chats import Reply, ReplyInput
from agents.data_model import DataFile, DataModel, InitialiseInput
from agents.exceptions import AgentError
from benchmarks.questions.data import data_files


class _GoOn:
    def is_set(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Said:
    """What came back. `reply` is None if the engine asked what was meant, or if it failed."""

    reply: Reply | None
    failure: str
    milliseconds: float


async def _run(engine: Engine, kind: StepKind, given: Mapping[str, JSON]) -> Done | ApprovalNeeded:
    context = StepContext(run_id="questions", step=kind, input=given)
    async for event in engine.step(kind, context, _GoOn()):
        if isinstance(event, Done | ApprovalNeeded):
            return event
    raise AssertionError(f"The step {kind} ended without a result.")


async def take_in(engine: Engine, name: str, folder: Path) -> DataModel:
    """Let the engine profile a data set; its tables are kept in `folder`."""
    tables = folder / "tables"
    tables.mkdir()
    files = tuple(
        DataFile(
            path=str(path), name=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in data_files(name, folder)
    )
    given = InitialiseInput(name=name, files=files, folder=str(tables))
    ending = await _run(engine, "initialise", given.model_dump(mode="json"))
    if isinstance(ending, ApprovalNeeded):
        raise TypeError("A data set is taken in without a person, but the step asked for one.")
    return DataModel.model_validate(ending.result)


async def ask(engine: Engine, question: str, model: DataModel, folder: Path) -> Said:
    """Ask one question about what `take_in` kept in `folder`."""
    given = ReplyInput(question=question, model=model, folder=str(folder / "tables"))
    started = time.perf_counter()
    reply, failure = None, ""
    try:
        ending = await _run(engine, "reply", given.model_dump(mode="json"))
    except AgentError as error:
        failure = f"{error.code}: {error}"
    else:
        if isinstance(ending, Done):
            reply = Reply.model_validate(ending.result)
        elif ending.calls:
            failure = f"asked for a tool that was not offered: {ending.calls[0].tool}"
    return Said(reply, failure, (time.perf_counter() - started) * 1000)
