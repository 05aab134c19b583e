"""One call for many items: who gathers, who hears what, and who is not waited for."""

import asyncio
import threading
from collections.abc import Sequence

import pytest
from django.db import DatabaseError

from streams.group import GroupWriter

pytestmark = pytest.mark.django_db(transaction=True)


def test_items_that_gather_are_worked_on_in_one_call_and_each_hears_of_itself():
    calls: list[list[int]] = []

    def work(items: Sequence[int]) -> list[BaseException | None]:
        calls.append(list(items))
        return [ValueError(str(item)) if item % 2 else None for item in items]

    async def submit(group: GroupWriter) -> list[BaseException | None]:
        blocked = threading.Event()
        first = group.submit(lambda: blocked.wait(5))
        futures = [group.submit_together(work, number) for number in range(4)]
        blocked.set()
        await asyncio.wrap_future(first)
        return await asyncio.gather(*futures, return_exceptions=True)

    group = GroupWriter("together")
    outcomes = asyncio.run(submit(group))
    group.close()

    assert calls == [[0, 1, 2, 3]]
    assert [str(outcome) for outcome in outcomes] == ["None", "1", "None", "3"]


def test_everybody_hears_that_a_call_for_many_failed():
    def work(items: Sequence[int]) -> list[BaseException | None]:
        raise DatabaseError("disk full")

    async def submit(group: GroupWriter) -> list[BaseException | None]:
        futures = [group.submit_together(work, number) for number in range(3)]
        return await asyncio.gather(*futures, return_exceptions=True)

    group = GroupWriter("together")
    outcomes = asyncio.run(submit(group))
    group.close()

    assert [str(outcome) for outcome in outcomes] == ["disk full"] * 3


def test_a_loop_that_is_gone_keeps_nobody_else_from_hearing():
    blocked = threading.Event()

    def work(items: Sequence[int]) -> list[BaseException | None]:
        return [None] * len(items)

    async def leave(group: GroupWriter) -> None:
        group.submit(lambda: blocked.wait(5))
        group.submit_together(work, 1)

    async def stay(group: GroupWriter) -> None:
        future = group.submit_together(work, 2)
        blocked.set()
        await future

    group = GroupWriter("together")
    asyncio.run(leave(group))
    asyncio.run(stay(group))
    group.close()
