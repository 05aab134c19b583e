"""Sessions about data as ordinary sync functions, for scripts, notebooks and programs without a loop.

    agent = DataModelAgent()
    agent.initialize("s1", files=["sales.csv"], folder="var/s1")
    agent.chat_sync("s1", "Rows by month?")

`agents.callables.from_chat` makes such a function a step of an engine again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.base import ApprovalNeeded, Engine
from agents.callables import ProgressCallback
from agents.chats import Turn
from agents.data_model import DataFile, DataModel, InitialiseInput
from agents.exceptions import Permanent
from agents.offline.insight_agent import ENGINE, InsightAgent, caller, drive_step
from agents.registry import engine as engine_called

Json = dict[str, Any]


@dataclass(slots=True)
class DataSession:
    """One data set and what was said about it."""

    model: Json
    folder: str
    history: list[Turn] = field(default_factory=list)


class DataModelAgent:
    """Sessions about data, held in this process's memory for as long as the agent lives."""

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine or engine_called(ENGINE)
        self._insight = InsightAgent(self._engine)
        self.sessions: dict[str, DataSession] = {}

    def initialize(
        self,
        session_id: str,
        *,
        files: Sequence[str | Path],
        folder: str | Path,
        progress_callback: ProgressCallback | None = None,
    ) -> Json:
        """Profile files into a data model, which later messages of the session are about."""
        paths = [Path(one) for one in files]
        named = tuple(DataFile(path=str(one), name=one.name, sha256=_digest(one)) for one in paths)
        name = ", ".join(one.name for one in paths)
        given = InitialiseInput(name=name, files=named, folder=str(folder))
        tell = caller(progress_callback)
        ending = drive_step(self._engine, "initialise", given.model_dump(mode="json"), {}, tell)
        if isinstance(ending, ApprovalNeeded):
            raise Permanent("Profiling asked a question.", code="bad_engine")
        model = DataModel.model_validate(ending.result).model_dump(mode="json")
        self.sessions[session_id] = DataSession(model=model, folder=str(folder))
        return model

    def chat_sync(
        self,
        session_id: str,
        message: str,
        progress_callback: ProgressCallback | None = None,
    ) -> Json:
        """Answer a message of a session, which remembers it. Raises `Permanent` without one."""
        session = self.sessions.get(session_id)
        if session is None:
            message = f"There is no session {session_id!r}; initialize it first."
            raise Permanent(message, code="unknown_session")
        context = {
            "model": session.model,
            "folder": session.folder,
            "history": [one.model_dump(mode="json") for one in session.history],
            "session_id": session_id,
        }
        result = self._insight.process_query_with_intent(message, context, progress_callback)
        if result["type"] != "question":
            session.history.append(_turn(message, result))
        return result


def _turn(message: str, result: Json) -> Turn:
    query = result.get("query_result") or {}
    return Turn(
        question=message,
        answer=result["response"],
        interpretation=query.get("interpretation", ""),
        sql=query.get("sql", ""),
        memory=result["memory"],
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
