"""Messages to clients by their own ids, over the log and the hub: for apps that have no runs.

    manager = SSEManager()
    connection = await manager.create_connection("client-7")     # the view streams its `frames()`
    await manager.send_message("client-7", SSEMessage(event="progress", data={"step": 1}))
    await manager.broadcast_message(message, filter_func=lambda one: one.client_id.startswith("a"))
    await manager.close_connection("client-7", "The work is done.")

A client's messages are a stream of the log, so one that was away goes on where it was, whichever
process it comes back to. Whoever watches a run needs none of this: `streams.views.serve` does it.
"""

from streams.manager.connection_manager import ConnectionManager, SSEConnection
from streams.manager.error_handler import SSEErrorHandler
from streams.manager.sse_manager import Broadcast, SSEManager, UnknownClient
from streams.manager.types import ConnectionState, ConnectionStatus, SSEData, SSEMessage

__all__ = [
    "Broadcast",
    "ConnectionManager",
    "ConnectionState",
    "ConnectionStatus",
    "SSEConnection",
    "SSEData",
    "SSEErrorHandler",
    "SSEManager",
    "SSEMessage",
    "UnknownClient",
]
