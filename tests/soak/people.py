"""Those who use a site that breaks all the time: they start work, watch it, and race to answer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import httpx

from cairn_client import AlreadyDecided, AsyncCairn, CairnError, Conflict, Event, Told
from tests.e2e import house
from tests.e2e.clients import Watcher
from tests.soak.course import Job

RACERS = 4
PATIENCE = 0.2  # seconds between two tries
GOAL = "Open a second bakery"  # the same for all: their logs must be the same too
DATA = ("staff.csv", b"region,staff\nnorth,2\nsouth,3\n")
T = TypeVar("T")


@dataclass(slots=True)
class Sight:
    """What a watcher saw of a log: the positions as they came, and the events."""

    job: Job
    run_id: str  # whose stream it is
    who: str
    events: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[Told] = field(default_factory=list)

    @property
    def positions(self) -> list[int]:
        return [event["position"] for event in self.events]


@dataclass(slots=True)
class Seen:
    """What all of them saw, for the judge."""

    sights: list[Sight] = field(default_factory=list)
    winners: dict[str, list[str]] = field(default_factory=dict)  # of each gate, by their own words
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)


class Crowd:
    """The clients of a site, at each of its ports."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.seen = Seen()
        self._stack = AsyncExitStack()
        self._clients: list[AsyncCairn] = []
        self._asides: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Crowd":
        for port in self.ports:
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
            http = httpx.AsyncClient(timeout=15, trust_env=False, limits=limits)
            client = AsyncCairn(f"http://127.0.0.1:{port}", house.TOKEN, http=http)
            self._clients.append(await self._stack.enter_async_context(client))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)
        await self._stack.aclose()

    def client(self, number: int) -> AsyncCairn:
        return self._clients[number % len(self._clients)]

    async def do(self, job: Job) -> None:
        """Start a job and see it through; what goes wrong is a trouble for the judge."""
        try:
            await _SORTS[job.kind](self, job)
        except asyncio.CancelledError:
            self.seen.troubles.append(f"{job.name} ({job.kind}) was not seen to its end in time")
            raise
        except Exception as error:  # noqa: BLE001 - whatever a client meets is what we look for
            self.seen.troubles.append(f"{job.name} ({job.kind}): {error!r}")

    async def plan(self, job: Job) -> None:
        most, every = job.shape
        plan = await persist(
            lambda: self.client(job.web).start_plan(
                GOAL, max_iterations=most, checkpoint_interval=every, idempotency_key=job.name
            )
        )
        await self._watch_run(job, plan["run_id"])

    async def strategy(self, job: Job) -> None:
        strategy = await persist(
            lambda: self.client(job.web).start_strategy(GOAL, idempotency_key=job.name)
        )
        await self._watch_run(job, strategy["run_id"])

    async def chat(self, job: Job) -> None:
        """Talk, one message after the other and each at another process; two watch the session."""
        session = await persist(
            lambda: self.client(job.web).start_session(files=[DATA], idempotency_key=job.name)
        )
        async with asyncio.TaskGroup() as group:
            for offset in (0, 1):
                sight = self._sight(job, session["run_id"], f"watcher {offset}")
                follow = self.client(job.web + offset).follow_session(session["id"])
                group.create_task(self._follow(sight, follow, ends=job.replies + 1))
            for number in range(job.replies):
                post = partial(
                    self.client(job.web + number).post_message,
                    session["id"],
                    f"How many staff, {number}?",
                    idempotency_key=f"{job.name}-{number}",
                )
                await persist(post)

    def _sight(self, job: Job, run_id: str, who: str) -> Sight:
        self.seen.sights.append(Sight(job, run_id, who))
        return self.seen.sights[-1]

    async def _watch_run(self, job: Job, run_id: str) -> None:
        async with asyncio.TaskGroup() as group:
            near = self._sight(job, run_id, "client")
            group.create_task(self._follow(near, self.client(job.web).follow_run(run_id)))
            group.create_task(self._stare(self._sight(job, run_id, "stranger"), job, run_id))

    async def _follow(self, sight: Sight, follow: Any, *, ends: int = 1) -> None:
        """Follow a log with the client to its last run's end; answer what it asks."""
        gates = left = 0
        async for told in follow:
            if not isinstance(told, Event):
                sight.gaps.append(told)
                continue
            sight.events.append(told.raw)
            if told.type == "gate_opened":
                gates += 1
                await self._race(sight.job, told, gates)
            elif sight.job.ends == "cancel" and len(sight.events) == sight.job.cancels_at:
                self._aside(self._cancel(sight.job, told.run_id))
            left += told.is_final
            if left == ends:
                return

    async def _stare(self, sight: Sight, job: Job, run_id: str) -> None:
        """Follow a run with a stranger's library, which knows no more than the cursor."""
        port = self.ports[(job.web + 1) % len(self.ports)]
        async with Watcher(port, run_id) as watcher:
            while not watcher.is_over:
                await asyncio.sleep(PATIENCE)
                if not watcher.resumes:
                    continue
                watcher.port = self.ports[len(watcher.resumes) % len(self.ports)]
            sight.events = watcher.events
            self.seen.counts["connections of strangers"] += len(watcher.resumes)

    async def _race(self, job: Job, opened: Event, number: int) -> None:
        decision = "reject" if job.ends == "reject" and number == 2 else "approve"
        gate, digest = opened.data["gate_id"], opened.data["digest"]
        told = await asyncio.gather(
            *(self._answer(racer, gate, digest, decision) for racer in range(RACERS))
        )
        self.seen.winners[gate] = [comment for comment in told if comment]
        self.seen.counts["gates raced for"] += 1

    async def _answer(self, racer: int, gate: str, digest: str, decision: str) -> str:
        """Answer a gate; return the comment with which this racer won, or nothing."""
        comment, client = f"racer {racer}", self.client(racer)
        try:
            found = await persist(
                lambda: client.answer(gate, decision, digest=digest, comment=comment)
            )
        except AlreadyDecided:
            # By this racer, if it was the answer to an earlier try that was lost.
            found = await persist(lambda: client.gate(gate))
        except Conflict:  # the run was cancelled meanwhile
            return ""
        return comment if found["comment"] == comment else ""

    def _aside(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _cancel(self, job: Job, run_id: str) -> None:
        try:
            await persist(lambda: self.client(job.web + 1).cancel(run_id))
        except Conflict:
            return  # it had ended
        except CairnError as error:
            self.seen.troubles.append(f"{job.name} ({job.kind}) was not cancelled: {error!r}")
        self.seen.counts["cancels"] += 1


_SORTS: dict[str, Callable[[Crowd, Job], Awaitable[None]]] = {
    "plan": Crowd.plan,
    "chat": Crowd.chat,
    "strategy": Crowd.strategy,
}


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Ask until there is an answer that is not about a server in trouble."""
    while True:
        try:
            return await call()
        except CairnError as error:
            if 0 < error.status < 500 and error.status != 429:
                raise
        await asyncio.sleep(PATIENCE)
