"""How many streams each user may hold open in this process."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class TooManyStreams(Exception):
    """The user holds as many streams as allowed; `retry_after` is in seconds."""

    def __init__(self, limit: int, retry_after: int = 5) -> None:
        super().__init__(
            f"You hold {limit} open streams already. Close a tab or a client, or poll instead."
        )
        self.retry_after = retry_after


class Slots:
    """Open streams for each user. Held in memory, so a killed process leaves none behind."""

    def __init__(self) -> None:
        self._held: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def hold(self, user: Hashable, *, limit: int) -> Iterator[None]:
        self.take(user, limit=limit)
        try:
            yield
        finally:
            self.give_back(user)

    def take(self, user: Hashable, *, limit: int) -> None:
        with self._lock:
            if self._held[user] >= limit:
                raise TooManyStreams(limit)
            self._held[user] += 1

    def give_back(self, user: Hashable) -> None:
        with self._lock:
            self._held[user] -= 1
            if not self._held[user]:
                del self._held[user]

    @property
    def total(self) -> int:
        return sum(self._held.values())


slots = Slots()
