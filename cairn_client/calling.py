"""Send a request, and send it again when that cannot do anything twice."""

import json
from itertools import count
from typing import Any, Literal

from cairn_client import errors
from cairn_client.errors import CairnError, Unreachable
from cairn_client.steps import Backoff, Call, Failure, Reply, Request, Wait, fetched

# `always`: doing it twice is doing it once. `unsent`: only if the server has seen nothing of it.
Again = Literal["always", "unsent"]
ATTEMPTS = 5
LONGEST_WAIT = 60.0  # seconds; a server that asks for more is not waited for
PASSING = (502, 503, 504)  # of what stands before a server that is away, or busy


def ask(request: Request, again: Again) -> Call[Reply]:
    """Return a good answer. Raises `CairnError`."""
    backoff, may_be_done = Backoff(), False
    for attempt in count(1):
        reply = yield from fetched(request)
        error, retry_after = _judge(reply)
        if error is None:
            assert isinstance(reply, Reply)
            return reply
        error.is_repeat = may_be_done
        if isinstance(reply, Failure):
            may_be_done |= reply.kind != "unsent"
        else:
            may_be_done |= reply.status in PASSING
        passes = isinstance(reply, Failure) or reply.status in (429, *PASSING)
        is_safe = again == "always" or not may_be_done
        wait = retry_after or backoff.next()
        if not (passes and is_safe) or attempt == ATTEMPTS or wait > LONGEST_WAIT:
            raise error
        yield Wait(wait)
    raise AssertionError("The last attempt returns or raises.")


def _judge(reply: Reply | Failure) -> tuple[CairnError | None, float | None]:
    """Return what is wrong with an answer, and how long the server asks to wait."""
    if isinstance(reply, Failure):
        return Unreachable(f"The server cannot be reached: {reply.reason}", code=reply.kind), None
    if 200 <= reply.status < 300:
        return None, None
    return errors.of(reply), reply.retry_after


def ask_json(request: Request, again: Again = "always") -> Call[Any]:
    """Return the JSON of a good answer. Raises `CairnError`."""
    reply = yield from ask(request, again)
    try:
        return json.loads(reply.body)
    except ValueError:
        raise errors.of(reply) from None
