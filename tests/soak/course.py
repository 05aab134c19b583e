"""What a soak does and when: drawn from its seed alone, so that it can be done again."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

POSTGRESQL, SQLITE = "postgresql", "sqlite"
WEB_FAULTS = ("kill web", "stop web", "freeze web", "kill all", "cut sockets", "cut in a frame")
FARM_FAULTS = ("kill worker", "stop worker", "freeze worker", "cut database", "close database")
FIRST_FAULT = 5.0  # seconds
FAULT_EVERY, JOB_EVERY = (5.0, 10.0), (2.0, 5.0)  # seconds between two, at least and at most
SHAPES = ((4, 2), (2, 1))  # iterations of a plan, and after how many it asks
JOBS = ("plan", "plan", "plan", "chat", "strategy")
ENDS: tuple[Literal["approve", "reject", "cancel"], ...] = ("approve",) * 4 + ("reject", "cancel")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something bad that happens at a second of the soak to one of the processes."""

    at: float
    kind: str
    target: int  # of the processes of its kind, modulo their number
    chance: float  # between 0 and 1: how long or how large it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that somebody starts, and how they behave at its gates."""

    at: float
    name: str  # also its idempotency key
    kind: str
    web: int
    shape: tuple[int, int]
    replies: int
    ends: Literal["approve", "reject", "cancel"]
    cancels_at: int  # events after which it is cancelled, if it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    seed: int
    database: str
    seconds: float
    faults: tuple[Fault, ...]
    jobs: tuple[Job, ...]


def draw(seed: int, database: str, seconds: float) -> Course:
    """Return the course of a seed: the same for the same arguments, always."""
    chance = random.Random(seed)
    kinds = WEB_FAULTS + (FARM_FAULTS if database == POSTGRESQL else ())
    faults = tuple(
        Fault(at=at, kind=kind, target=chance.randrange(12), chance=chance.random())
        for at, kind in zip(
            _moments(chance, FIRST_FAULT, seconds, FAULT_EVERY), _dealt(chance, kinds), strict=False
        )
    )
    jobs = tuple(
        Job(
            at=at,
            name=f"job-{seed}-{number}",
            kind=kind,
            web=chance.randrange(2),
            shape=chance.choice(SHAPES),
            replies=chance.randint(1, 3),
            ends=chance.choice(ENDS),
            cancels_at=chance.randint(1, 60),
        )
        for number, (at, kind) in enumerate(
            zip(_moments(chance, 0, seconds, JOB_EVERY), _dealt(chance, JOBS), strict=False)
        )
    )
    return Course(seed=seed, database=database, seconds=seconds, faults=faults, jobs=jobs)


def _moments(
    chance: random.Random, first: float, end: float, every: tuple[float, float]
) -> Iterator[float]:
    moment = first
    while moment < end:
        yield round(moment, 2)
        moment += chance.uniform(*every)


def _dealt(chance: random.Random, cards: Sequence[T]) -> Iterator[T]:
    """Yield cards for ever; none comes again before all the others have come."""
    while True:
        yield from chance.sample(cards, len(cards))
