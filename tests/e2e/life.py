"""One life of a process that works on a plan and approves it, until the plan ends or it is killed.

The process kills itself with SIGKILL at an exact position of the log, so that every position can
be tried in turn. Nothing of Python runs after it: no handler, no commit, no wake-up.
"""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from planning.actions import Wish, propose
from planning.models import Plan
from runs import gates, runner
from runs.models import Gate
from streams import log
from streams.events import Event
from streams.pool import pooled
from streams.reader import follow
from streams.rows import Row

KEY = "the only plan"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(position: int, when: str) -> None:
    """Kill this process when a position is written: `before` its commit, or right `after` it.

    After the commit means before anybody was told: no reader woken, no ticket dispatched.
    """
    append = log.append

    def deadly(stream_id: Any, events: Sequence[Event], **more: Any) -> int:
        with transaction.atomic():
            reached: list[int] = []
            transaction.on_commit(lambda: die() if reached else None)
            last = append(stream_id, events, **more)
            if last - len(events) < position <= last:
                if when == "before":
                    die()
                reached.append(last)
            return last

    log.append = deadly


def live(goal: str = "Open a second bakery") -> None:
    """Start the plan, or find it again, and approve what it asks until it has ended."""
    runner.start()
    asyncio.run(_see_it_through(goal))


async def _see_it_through(goal: str) -> None:
    stream_id = await pooled(_propose)(goal)
    async for rows in follow(stream_id):
        if isinstance(rows, list):
            await _approve(rows)


def _propose(goal: str) -> Any:
    ada = User.objects.get(username="ada")
    plan: Plan = propose(Wish(goal=goal), by=ada, idempotency_key=KEY)
    return plan.run.stream_id


async def _approve(rows: list[Row]) -> None:
    asked = [json.loads(row.body)["data"] for row in rows if row.type == "gate_opened"]
    for gate in asked:
        await pooled(_answer)(gate["gate_id"], gate["digest"])


def _answer(gate_id: str, digest: str) -> None:
    gate = Gate.objects.select_related("run__created_by").get(pk=gate_id)
    if gate.state == Gate.State.PENDING:
        gates.answer(
            gate.pk, by=gate.run.created_by, decision="approve", digest=digest, via=Gate.Via.API
        )
