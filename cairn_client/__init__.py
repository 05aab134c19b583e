"""A client of Cairn for scripts, notebooks and other services. It needs httpx and nothing else.

`Cairn` is for ordinary code, `AsyncCairn` for asyncio; both have the same methods.

errors   what goes wrong, by type        shapes     what the server answers
events   what a followed log tells       digests    the digest of what a gate shows
calls    each request there is           calling    send one again when that is safe
wire     Server-Sent Events from bytes   following  a log over any number of connections
steps    what those ask of a driver      client, aclient, transport: the two drivers, with httpx

Only the drivers touch a network or a clock.
"""

from cairn_client.aclient import AsyncCairn, AsyncFollow
from cairn_client.client import Cairn, Follow
from cairn_client.digests import digest
from cairn_client.errors import (
    AlreadyDecided,
    CairnError,
    Conflict,
    Expired,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    PayloadChanged,
    StreamClosed,
    TooManyRequests,
    Unreachable,
)
from cairn_client.events import Event, Gap, Snapshot, Told

__all__ = [
    "AlreadyDecided",
    "AsyncCairn",
    "AsyncFollow",
    "Cairn",
    "CairnError",
    "Conflict",
    "Event",
    "Expired",
    "Follow",
    "Forbidden",
    "Gap",
    "Invalid",
    "NotAuthenticated",
    "NotFound",
    "PayloadChanged",
    "Snapshot",
    "StreamClosed",
    "Told",
    "TooManyRequests",
    "Unreachable",
    "digest",
]
