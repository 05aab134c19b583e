"""What a reply is given of the conversation before it."""

from typing import Any

from agents.chats import Quoted, ReplyInput, Turn, WorkflowInput
from agents.data_model import DataModel
from agents.exceptions import Permanent
from chat import asking, branches, texts
from chat.conf import chat_settings
from chat.models import Branch, ChatSession, Message


def session_of(arguments: dict[str, Any]) -> ChatSession:
    """Return the session of a run that needs its data model. Raises `Permanent` without one."""
    found = ChatSession.objects.select_related("data_set", "branch")
    session = found.get(pk=arguments["session"])
    if session.data_set.model is None:
        raise Permanent(
            "The data could not be profiled, so there is nothing to answer from.",
            code="no_data_model",
        )
    return session


def workflow_input(session: ChatSession, arguments: dict[str, Any]) -> WorkflowInput:
    """Return the input of a workflow, from the arguments of its run."""
    message = Message.objects.select_related("branch").get(pk=arguments["message"])
    return WorkflowInput(
        workflow=arguments["workflow"],
        parameters=arguments["parameters"],
        model=DataModel.recorded(session.data_set.model),
        folder=str(session.data_set.folder),
        workspace=str(session.workspace),
        transcript=turns_before(message.branch, message.turn),
    )


def reply_input(session: ChatSession, arguments: dict[str, Any]) -> ReplyInput:
    """Return the input of the reply to a message, from the arguments of its run."""
    messages = Message.objects.select_related("branch", "created_by")
    message = messages.get(pk=arguments["message"])
    mode = arguments["mode"]
    allowed = arguments.get("auto_approve", ())
    return ReplyInput(
        question=texts.of([message.pk])[message.pk].text,
        model=DataModel.recorded(session.data_set.model),
        folder=str(session.data_set.folder),
        mode=mode,
        history=turns_before(message.branch, message.turn),
        references=tuple(Quoted.recorded(one) for one in message.parts.get("references", ())),
        tools=asking.offers(mode, allowed),
        allowed=tuple(allowed) if mode == ChatSession.Mode.ACT else (),
        workspace=str(session.workspace),
        session_id=str(session.pk),
        asked_by=message.created_by.get_username() if message.created_by else "",
    )


def turns_before(branch: Branch, turn: int) -> tuple[Turn, ...]:
    """Return the answered turns of a branch before one, oldest first."""
    found = branches.in_order(branches.messages(branch).filter(turn__lt=turn))
    by_turn: dict[int, list[Message]] = {}
    for one in found.exclude(role=Message.Role.SYSTEM):
        by_turn.setdefault(one.turn, []).append(one)
    answered = [
        group
        for group in by_turn.values()
        if any(one.status == Message.Status.COMPLETE for one in group[1:])
    ]
    answered = answered[-chat_settings().history_turns :]
    written = texts.of([one.pk for group in answered for one in group])
    return tuple(_turn(group, written) for group in answered)


def _turn(group: list[Message], written: dict[Any, texts.Text]) -> Turn:
    asked, *replies = group
    last = replies[-1]
    query = last.parts.get("query") or {}
    return Turn(
        question=written[asked.pk].text,
        answer="".join(written[one.pk].text for one in replies),
        interpretation=query.get("interpretation", ""),
        sql=query.get("sql", ""),
        memory=last.memory,
    )
