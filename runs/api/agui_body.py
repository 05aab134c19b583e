"""What clients of AG-UI post: `RunAgentInput`, of which the server believes very little.

A client keeps the conversation and a state, and sends both every time. The server has its own,
so it takes the last message if a user wrote that, the answers to interrupts, and a few named
options. Whatever else messages and state say, for example that something was approved, is not
even looked at.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from runs.api import doors
from runs.api.problems import fields_of
from runs.api.serializers import Choice, Text

LONGEST_ID = 100
MOST_MESSAGES = 2000
MOST_ANSWERS = 20
LARGEST_BODY = 1024 * 1024  # clients send the conversation with every message
# What clients add behind a user's message, or know of us only: it is no reply to it.
ASIDE = frozenset({"system", "developer", "activity", "reasoning"})


class Fault(Exception):
    """A request that is answered by a stream which says what is wrong, and nothing else."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status  # for clients of a GET


class Name(Text):
    """An id of the client's own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_ID, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if not value.isprintable():
            raise serializers.ValidationError("Must be printable characters.")
        return value


class AnswerIn(serializers.Serializer[Any]):
    interruptId = Text(max_length=LONGEST_ID)  # noqa: N815 - the protocol's name
    status = Choice(["resolved", "cancelled"])
    payload = serializers.JSONField(required=False, allow_null=True, default=None)
    metadata = serializers.DictField(required=False, allow_null=True, default=None)


class InputIn(serializers.Serializer[Any]):
    threadId = Name()  # noqa: N815 - the protocol's name
    runId = Name()  # noqa: N815 - the protocol's name
    messages = serializers.ListField(child=serializers.DictField(), max_length=MOST_MESSAGES)
    resume = serializers.ListField(
        child=AnswerIn(), required=False, allow_null=True, default=None, max_length=MOST_ANSWERS
    )
    state = serializers.JSONField(required=False, allow_null=True, default=None)
    forwardedProps = serializers.JSONField(  # noqa: N815 - the protocol's name
        required=False, allow_null=True, default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A person's answer to one interrupt."""

    id: str
    is_cancelled: bool
    payload: Any
    digest: str  # of what the client was shown, if it says so beside the payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a request asks: `text` is None if the last message is not a user's."""

    thread: str
    run: str
    text: str | None
    answers: tuple[Answer, ...]
    options: dict[str, Any]
    sent: tuple[tuple[str, str], ...]  # ids and texts of the user's messages


def read(request: HttpRequest, options: type[serializers.Serializer[Any]]) -> Input:
    """Return what was posted. Raises `Refusal`, and `Fault` naming the field that is wrong."""
    values = _checked(InputIn, doors.sent(request, most=LARGEST_BODY))
    messages = values["messages"]
    given = {
        name: value
        for source in (values["state"], values["forwardedProps"])
        if isinstance(source, dict)
        for name, value in source.items()
        if name in options().fields
    }
    answers = values["resume"] or ()
    return Input(
        thread=values["threadId"],
        run=values["runId"],
        text=None if answers else _asked(messages),
        answers=tuple(map(_answer, answers)),
        options=_checked(options, given),
        sent=tuple(_sent(messages)),
    )


def _checked(kind: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    given = kind(data=data)
    try:
        given.is_valid(raise_exception=True)
    except ValidationError as error:
        raise wrong(fields_of(error.detail)) from error
    return dict(given.validated_data)


def wrong(fields: dict[str, str]) -> Fault:
    """Return what a client is told of fields that are wrong."""
    return Fault("invalid", " ".join(f"{name}: {why}" for name, why in fields.items()))


def _asked(messages: list[dict[str, Any]]) -> str | None:
    said = [one for one in messages if one.get("role") not in ASIDE]
    return _text(said[-1], is_asked=True) if said and said[-1].get("role") == "user" else None


def _text(message: dict[str, Any], *, is_asked: bool = False) -> str:
    """Return a message's text. What is asked must be text alone."""
    content = message.get("content")
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    found = []
    for part in parts if isinstance(parts, list) else [None]:
        is_text = isinstance(part, dict) and part.get("type") == "text"
        text = part.get("text") if part is not None and is_text else None
        if isinstance(text, str):
            found.append(text)
        elif is_asked:
            raise wrong({"messages": "The last one must be text. Upload files, and name them."})
    return "\n".join(found)


def _sent(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (one["id"], _text(one))
        for one in messages
        if one.get("role") == "user" and isinstance(one.get("id"), str)
    ]


def _answer(given: dict[str, Any]) -> Answer:
    digest = (given["metadata"] or {}).get("digest", "")
    if not isinstance(digest, str):
        raise wrong({"resume": "The digest must be a text."})
    return Answer(
        id=given["interruptId"],
        is_cancelled=given["status"] == "cancelled",
        payload=given["payload"],
        digest=digest,
    )
