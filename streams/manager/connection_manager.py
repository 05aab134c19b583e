"""The connections that are open in this process, by client."""

import weakref
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from streams.dialects.strategy import STRATEGY
from streams.log import Extent
from streams.writing import Connection, Opening


async def _may_stay() -> str:
    """Who may have a client id is for the view to say that hands it out."""
    return ""


class SSEConnection:
    """One connection of a client. A view streams its `frames()`, once."""

    def __init__(self, client_id: str, extent: Extent, after: int) -> None:
        self.client_id = client_id
        self.stream_id: UUID = extent.stream_id
        self.opened_at: datetime = timezone.now()
        self.is_over = extent.is_closed and after >= extent.last
        self.is_open = False
        opening = Opening(stream_id=extent.stream_id, after=after, dialect=STRATEGY)
        self._wire = Connection(opening, _may_stay)

    @property
    def position(self) -> int:
        """The position of the last message that was written to the client."""
        return self._wire.position

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield what the client is sent, until it is closed, goes away or is renewed.

        Nothing at all where `is_over`: answer that with 204, and no client comes back.
        """
        if self.is_over:
            return
        self.is_open = True
        try:
            async with aclosing(self._wire.frames()) as frames:
                async for frame in frames:
                    yield frame
        finally:
            self.is_open = False


class ConnectionManager:
    """Knows each connection as long as somebody holds it; a dropped one is forgotten."""

    def __init__(self) -> None:
        self._known: weakref.WeakSet[SSEConnection] = weakref.WeakSet()

    def add(self, connection: SSEConnection) -> None:
        self._known.add(connection)

    def of(self, client_id: str) -> list[SSEConnection]:
        """Return the client's open connections, the oldest first."""
        mine = [one for one in list(self._known) if one.client_id == client_id and one.is_open]
        return sorted(mine, key=lambda one: one.opened_at)

    @property
    def clients(self) -> list[str]:
        """The ids of clients with an open connection."""
        return sorted({one.client_id for one in list(self._known) if one.is_open})
