"""Create, send, broadcast, close, ask: the whole interface, each call a coroutine."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from streams import log
from streams.events import Event
from streams.exceptions import StreamClosed, StreamError
from streams.log import Extent
from streams.manager import message_formatter
from streams.manager.connection_manager import ConnectionManager, SSEConnection
from streams.manager.error_handler import SSEErrorHandler
from streams.manager.events import ClientClosed
from streams.manager.types import ConnectionState, ConnectionStatus, SSEMessage
from streams.models import Stream
from streams.pool import may_write, pooled

CLIENTS = UUID("6d5f0f34-1a5e-4b0e-9f5b-6a2c2f2a7a10")  # the namespace of clients' streams
LONGEST_ID = 200
CLOSED = "closed"
Message = SSEMessage | Mapping[str, Any]
Filter = Callable[[ConnectionStatus], bool]


class UnknownClient(StreamError):
    """Nobody has connected under this id yet."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Which clients a message was sent to, and why not to others."""

    sent: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)


class SSEManager:
    """Messages to clients of this installation. Managers of one namespace share their clients."""

    def __init__(self, *, namespace: UUID = CLIENTS, errors: SSEErrorHandler | None = None) -> None:
        self._namespace = namespace
        self._errors = errors or SSEErrorHandler()
        self.connections = ConnectionManager()

    async def create_connection(self, client_id: str, *, after: int = 0) -> SSEConnection:
        """Return a connection that tells what was sent after a position, and all that will be.

        A client that was closed stays closed: its connection tells the reason, or `is_over`.
        Raises `ValueError` for an id that is none.
        """
        extent = await may_write(self._ensure)(client_id)
        connection = SSEConnection(client_id, extent, min(after, extent.last))
        self.connections.add(connection)
        return connection

    async def send_message(self, client_id: str, message: Message) -> int:
        """Keep a message for a client and wake its connections; return its position.

        Raises `InvalidMessage`, `UnknownClient`, or `StreamClosed` after it was closed.
        """
        event = message_formatter.to_event(message_formatter.parse(message))
        return await may_write(self._append)(client_id, event)

    async def broadcast_message(
        self, message: Message, filter_func: Filter | None = None
    ) -> Broadcast:
        """Send to every client that is connected here, or to those that the filter takes.

        What goes wrong for one of them, also in the filter, keeps it from none of the others.
        """
        event = message_formatter.to_event(message_formatter.parse(message))
        sent: list[str] = []
        failed: dict[str, str] = {}
        for client_id in self.connections.clients:
            with self._errors.isolated(client_id, failed):
                if filter_func is None or filter_func(await self.get_connection_status(client_id)):
                    await may_write(self._append)(client_id, event)
                    sent.append(client_id)
        return Broadcast(tuple(sent), failed)

    async def close_connection(self, client_id: str, reason: str = CLOSED) -> None:
        """Tell a client why, and that it must not come back. Closing twice changes nothing.

        Raises `UnknownClient`.
        """
        await may_write(self._close)(client_id, reason)

    async def get_connection_status(self, client_id: str) -> ConnectionStatus:
        """Return what is known of a client; `unknown` if that is nothing."""
        extent, reason = await pooled(self._look)(client_id)
        if extent is None:
            return ConnectionStatus(client_id=client_id, state=ConnectionState.UNKNOWN)
        mine = self.connections.of(client_id)
        state = ConnectionState.OPEN if mine else ConnectionState.AWAY
        return ConnectionStatus(
            client_id=client_id,
            state=ConnectionState.CLOSED if extent.is_closed else state,
            connections=len(mine),
            opened_at=mine[0].opened_at if mine else None,
            position=extent.last,
            delivered=min((one.position for one in mine), default=0),
            reason=reason,
        )

    def _stream_id(self, client_id: str) -> UUID:
        if not client_id or len(client_id) > LONGEST_ID or not client_id.isprintable():
            raise ValueError(f"A client id has 1 to {LONGEST_ID} printable characters.")
        return uuid5(self._namespace, client_id)

    def _ensure(self, client_id: str) -> Extent:
        stream, _ = Stream.objects.get_or_create(pk=self._stream_id(client_id))
        return log.extent(stream.pk)

    def _append(self, client_id: str, event: Event) -> int:
        stream_id = self._stream_id(client_id)
        try:
            return log.append(stream_id, [event])
        except StreamClosed:
            if Stream.objects.filter(pk=stream_id).exists():
                raise
            raise UnknownClient(f"No client {client_id!r} has connected.") from None

    @transaction.atomic
    def _close(self, client_id: str, reason: str) -> None:
        stream = Stream.objects.select_for_update().filter(pk=self._stream_id(client_id)).first()
        if stream is None:
            raise UnknownClient(f"No client {client_id!r} has connected.")
        if stream.closed_at is None:
            log.append(stream.pk, [ClientClosed(reason=reason or CLOSED)], close=True)

    def _look(self, client_id: str) -> tuple[Extent | None, str]:
        stream_id = self._stream_id(client_id)
        if not Stream.objects.filter(pk=stream_id).exists():
            return None, ""
        extent = log.extent(stream_id)
        last = log.newest(stream_id, ClientClosed.type) if extent.is_closed else None
        return extent, json.loads(last.body)["data"]["reason"] if last else ""
