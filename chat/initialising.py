"""The first run of a session: its data set is profiled, or known already by its content."""

import logging
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from agents import registry
from agents.base import AgentEvent, ApprovalNeeded, Progress, StepContext
from agents.data_model import DataFile, DataModel, InitialiseInput
from agents.exceptions import Permanent
from chat import data_sets, events, shapes, telling
from chat.events import DataModelReady, Result, StateChanged
from chat.models import ChatSession, DataSet
from chat.states import State
from runs.agent_steps import drive
from runs.context import RunContext
from runs.scope import StepScope
from streams.events import Event

logger = logging.getLogger(__name__)
OPERATION = "initialise"
SUGGESTED = 6


async def initialise(context: RunContext) -> str:
    """Profile the session's files in named steps; the model is kept for all with the same files."""

    def load() -> tuple[ChatSession, list[DataFile]]:
        found = ChatSession.objects.select_related("data_set").get(
            pk=context.run.arguments["session"]
        )
        return found, data_sets.files_of(found)

    session, files = await context.read(load)
    data_set = session.data_set

    async def work(scope: StepScope) -> dict[str, Any]:
        await scope.emit(_begun(data_set))
        if data_set.model is not None and (data_set.folder / "manifest.json").exists():
            return dict(data_set.model)
        return await _profile(scope, session, files)

    def begin() -> Sequence[Event]:
        return [StateChanged(new_state=State.INITIALISING)]

    def finish(result: dict[str, Any], milliseconds: int) -> Sequence[Event]:
        DataSet.objects.filter(pk=data_set.pk).update(model=result, profiled_at=timezone.now())
        logger.info("Data profiled run=%s ms=%s", context.run.pk, milliseconds)
        return _told(context, DataModel.model_validate(result))

    await context.step(OPERATION, work, begin=begin, finish=finish)
    return "Ready for questions."


def _begun(data_set: DataSet) -> events.Progress:
    return events.Progress(
        operation=OPERATION, step="loading", progress=1, message=f"Reading {data_set.name}."
    )


async def _profile(scope: StepScope, session: ChatSession, files: list[DataFile]) -> dict[str, Any]:
    engine = registry.engine(session.engine)
    given = InitialiseInput(
        name=session.data_set.name, files=tuple(files), folder=str(session.data_set.folder)
    )
    run_id = str(scope.context.run.pk)
    ctx = StepContext(run_id=run_id, step=scope.name, input=given.model_dump(mode="json"))

    async def tell(event: AgentEvent) -> None:
        if isinstance(event, Progress):
            await scope.emit(telling.progress(OPERATION, event, first=1, last=99))

    ending = await drive(scope, engine, "initialise", ctx, tell)
    if isinstance(ending, ApprovalNeeded):
        raise Permanent(f"{engine.name} asked a question while profiling.", code="bad_engine")
    return dict(ending.result)


def _told(context: RunContext, model: DataModel) -> Sequence[Event]:
    ready = DataModelReady(
        name=model.name,
        summary=model.summary,
        quality=model.quality.score,
        suggestions=model.questions[:SUGGESTED],
        **shapes.counts(model),
    )
    result = Result(
        operation=OPERATION,
        status="answered",
        message_id=telling.part_id(context.run.pk, "result"),
        content=telling.as_json(ready.model_dump(mode="json")),
    )
    return [ready, result]
