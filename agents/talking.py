"""A function of a team's own as the `reply` step: in whatever way it likes to speak.

    def agent(call): return "Hello."                    # also `async def`
    def agent(call): yield "Hel"; yield "lo."           # also `async def`
    def agent(call, say): say("Hello.")                 # also `async def` with `await say(...)`

What is yielded, said or returned is text, any event of `agents.base`, or a whole answer: a
`Reply`, or a mapping with some of its members. Texts are streamed as they come. Who gives no
whole answer has answered with the texts.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from agents.adapters import Call, Emit, Put, Source, from_async_generator, from_generator, in_thread
from agents.base import ApprovalNeeded, Delta, Done, Part
from agents.callables import reply_of
from agents.chats import Reply
from agents.exceptions import Permanent

Say = Callable[[Any], Awaitable[None]]


def from_talk(function: Callable[..., Any]) -> Source:
    """Make the `reply` step of a function of one of the shapes above."""
    speak = _speaking(function)

    async def source(call: Call, put: Put) -> None:
        talk = _Talk(put)
        await speak(call, talk.hear)
        await talk.end()

    return source


def arity(function: Callable[..., Any]) -> int:
    """Return how many arguments a function cannot do without."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    given = inspect.signature(function).parameters.values()
    return sum(one.kind in kinds and one.default is one.empty for one in given)


class _Talk:
    """Hears what an agent says, and makes its answer of it."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._texts: list[str] = []
        self._parts: dict[str, Any] = {}
        self._is_over = False

    async def hear(self, said: Any) -> None:
        match said:
            case str():
                if said:
                    await self.hear(Delta(text=said))
            case Reply() | Mapping():
                await self._answer(said)
            case _:
                if isinstance(said, Delta):
                    self._texts.append(said.text)
                elif isinstance(said, Part) and said.name != "reference":
                    self._parts[said.name] = said.data
                self._is_over |= isinstance(said, Done | ApprovalNeeded)
                await self._put(said)

    async def end(self) -> None:
        if self._is_over:
            return
        if not self._texts:
            raise Permanent("An agent ended without saying anything.", code="bad_engine")
        await self._answer({})

    async def _answer(self, said: Reply | Mapping[str, Any]) -> None:
        """End with a whole answer; its text is told if none was, or else made of what was."""
        told = "".join(self._texts)
        whole = reply_of(said if isinstance(said, Reply) else {"text": told, **said}, self._parts)
        if not told and whole.text:
            await self.hear(Delta(text=whole.text))
        elif told != whole.text:
            message = "An agent ended with another text than it had said; give one of them only."
            raise Permanent(message, code="bad_engine")
        await self.hear(Done(result=whole.model_dump(mode="json")))


def _speaking(function: Callable[..., Any]) -> Callable[[Call, Say], Awaitable[None]]:
    if _is(inspect.isasyncgenfunction, function):
        return from_async_generator(function)
    if _is(inspect.isgeneratorfunction, function):
        return from_generator(function)
    is_callback = arity(function) > 1
    if not _is(inspect.iscoroutinefunction, function):

        def called(call: Call, say: Emit) -> None:
            said = function(call, say) if is_callback else function(call)
            if said is not None:
                say(said)

        return in_thread(called)

    async def awaited(call: Call, say: Say) -> None:
        said = await (function(call, say) if is_callback else function(call))
        if said is not None:
            await say(said)

    return awaited


def _is(kind: Callable[[Any], bool], function: Callable[..., Any]) -> bool:
    """Whether it is a function of a kind, or an object that is called like one."""
    return kind(function) or kind(type(function).__call__)
