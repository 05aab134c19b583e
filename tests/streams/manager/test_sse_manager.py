"""The manager's interface: create, send, broadcast, close, ask. Row 3-44."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from streams.exceptions import StreamClosed
from streams.manager import (
    ConnectionState,
    ConnectionStatus,
    SSEErrorHandler,
    SSEManager,
    SSEMessage,
    UnknownClient,
)
from streams.manager.message_formatter import InvalidMessage
from tests.streams.manager.support import Client
from tests.streams.reader_support import own_hub

__all__ = ["own_hub"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_threads", "own_hub"),
]
Connect = Callable[..., Awaitable[Client]]
HELLO = {"event": "progress", "data": {"step": 1, "progress": 10, "message": "Processing..."}}


@pytest.fixture
def manager() -> SSEManager:
    return SSEManager()


@pytest.fixture
async def connect(manager: SSEManager) -> AsyncIterator[Connect]:
    """Return a function that connects a client, and has its first frame."""
    clients: list[Client] = []

    async def open_(client_id: str, *, by: SSEManager = manager, **more: Any) -> Client:
        clients.append(Client(await by.create_connection(client_id, **more)))
        return await clients[-1].opened()

    yield open_
    for client in clients:
        await client.leave()


async def test_a_client_is_told_what_is_sent_to_it_and_nothing_else(
    manager: SSEManager, connect: Connect
):
    """Rows 3-32, 3-33: in the standard envelope, with positions."""
    seven, eight = await connect("seven"), await connect("eight")

    position = await manager.send_message("seven", HELLO)
    await manager.send_message("eight", SSEMessage(event="status"))

    (told,) = await seven.until(1)
    assert position == 1
    assert (told["event"], told["position"]) == ("progress", 1)
    assert told["data"] == {**HELLO["data"], "timestamp": told["data"]["timestamp"]}  # type: ignore[dict-item]
    assert [one["event"] for one in await eight.until(1)] == ["status"]


async def test_what_is_sent_while_nobody_listens_is_kept(manager: SSEManager, connect: Connect):
    """Rows 3-19, 3-30: a client goes on where it was."""
    first = await connect("seven")
    await manager.send_message("seven", HELLO)
    await first.until(1)
    await first.leave()
    await manager.send_message("seven", {"event": "complete", "data": {"progress": 100}})

    again = await connect("seven", after=1)

    assert [one["position"] for one in await again.until(1)] == [2]


async def test_another_process_reaches_the_same_client(connect: Connect):
    """Rows 3-1, 3-9: who sends touches no response, and finds a client's stream by its id."""
    client = await connect("seven")

    await SSEManager().send_message("seven", HELLO)

    assert len(await client.until(1)) == 1


async def test_several_connections_of_a_client_are_all_told(manager: SSEManager, connect: Connect):
    """Row 3-17."""
    tabs = [await connect("seven") for _ in range(5)]
    status = await manager.get_connection_status("seven")

    await manager.send_message("seven", HELLO)

    assert status.connections == 5
    for tab in tabs:
        assert len(await tab.until(1)) == 1


async def test_a_broadcast_reaches_all_or_those_a_filter_takes(
    manager: SSEManager, connect: Connect
):
    """Rows 3-18, 3-34."""
    clients = {name: await connect(name) for name in ("a-1", "a-2", "b-1")}

    def of_a(status: ConnectionStatus) -> bool:
        return status.client_id.startswith("a-")

    all_of_them = await manager.broadcast_message(HELLO)
    some = await manager.broadcast_message({"event": "status"}, of_a)

    assert (all_of_them.sent, all_of_them.failed) == (("a-1", "a-2", "b-1"), {})
    assert some.sent == ("a-1", "a-2")
    assert [one["event"] for one in await clients["a-1"].until(2)] == ["progress", "status"]
    assert len(await clients["b-1"].until(1)) == 1


async def test_one_client_that_cannot_be_served_keeps_it_from_no_other(connect: Connect):
    """Rows 3-4, 3-19: and somebody is told of it."""
    alarms: list[tuple[str, str]] = []
    handler = SSEErrorHandler(alert=lambda who, why: alarms.append((who, type(why).__name__)))
    manager = SSEManager(errors=handler)
    for name in ("bad", "closed", "good"):
        await connect(name, by=manager)

    def picky(status: ConnectionStatus) -> bool:
        if status.client_id == "bad":
            raise RuntimeError("secret")
        return True

    result = await manager.broadcast_message(HELLO, picky)

    assert result.sent == ("closed", "good")
    assert result.failed == {"bad": "The server made an error; it has been logged."}
    assert alarms == [("bad", "RuntimeError")]


async def test_a_client_that_is_closed_is_told_why_and_is_not_to_come_back(
    manager: SSEManager, connect: Connect
):
    """Row 3-35: the last frame says so, and afterwards there is nothing to come for."""
    client = await connect("seven")
    await manager.close_connection("seven", "The work is done.")

    (told,) = await client.until(1)
    await client.ended()
    assert (told["type"], told["final"]) == ("client_closed", True)
    assert told["data"]["reason"] == "The work is done."
    again = await manager.create_connection("seven", after=told["position"])
    assert again.is_over
    assert [frame async for frame in again.frames()] == []
    with pytest.raises(StreamClosed):
        await manager.send_message("seven", HELLO)


async def test_a_client_that_missed_its_closing_hears_of_it_when_it_comes_back(
    manager: SSEManager, connect: Connect
):
    """Row 3-35."""
    first = await connect("seven")
    await first.leave()
    await manager.close_connection("seven", "Gone.")
    await manager.close_connection("seven", "Again.")

    again = await connect("seven", after=0)

    assert [one["data"]["reason"] for one in await again.until(1)] == ["Gone."]


async def test_the_status_says_where_a_client_stands(manager: SSEManager, connect: Connect):
    """Rows 3-36, 3-30."""
    before = await manager.get_connection_status("seven")
    client = await connect("seven")
    await manager.send_message("seven", HELLO)
    await client.until(1)
    there = await manager.get_connection_status("seven")
    await client.leave()
    away = await manager.get_connection_status("seven")
    await manager.close_connection("seven", "Done.")
    closed = await manager.get_connection_status("seven")

    assert before.state == ConnectionState.UNKNOWN
    assert (there.state, there.connections, there.position) == (ConnectionState.OPEN, 1, 1)
    assert there.delivered == 1
    assert there.opened_at is not None
    assert (away.state, away.connections) == (ConnectionState.AWAY, 0)
    assert (closed.state, closed.reason) == (ConnectionState.CLOSED, "Done.")


async def test_a_client_that_never_connected_is_unknown(manager: SSEManager):
    for call in (manager.send_message("nobody", HELLO), manager.close_connection("nobody")):
        with pytest.raises(UnknownClient):
            await call
    assert (await manager.broadcast_message(HELLO)).sent == ()


@pytest.mark.parametrize("client_id", ["", "x" * 201, "a\nb", "a\x00"])
async def test_an_id_that_is_none_is_refused(manager: SSEManager, client_id: str):
    """Row 3-61."""
    with pytest.raises(ValueError, match="printable"):
        await manager.create_connection(client_id)


async def test_a_message_that_is_none_is_refused_before_anybody_gets_it(
    manager: SSEManager, connect: Connect
):
    """Row 3-61."""
    client = await connect("seven")

    for bad in ({"event": "shout"}, {"event": "progress", "data": {"progress": 101}}, {}):
        with pytest.raises(InvalidMessage):
            await manager.send_message("seven", bad)
        with pytest.raises(InvalidMessage):
            await manager.broadcast_message(bad)

    assert client.told == []


async def test_many_senders_lose_and_mix_nothing(manager: SSEManager, connect: Connect):
    """Row 3-17: positions have no holes, whoever sends."""
    client = await connect("seven")

    await asyncio.gather(*(manager.send_message("seven", HELLO) for _ in range(40)))

    assert [one["position"] for one in await client.until(40)] == list(range(1, 41))
