"""How many streams each user may hold open in this process."""

import threading
from collections import Counter
from collections.abc import Hashable

from streams import counters


class TooManyStreams(Exception):
    """The user holds as many streams as allowed; `retry_after` is in seconds."""

    def __init__(self, limit: int, retry_after: int = 5) -> None:
        super().__init__(
            f"You hold {limit} open streams already. Close a tab or a client, or poll instead."
        )
        self.retry_after = retry_after


class Slot:
    """One open stream of a user, as a context. Giving it back twice gives back one."""

    def __init__(self, slots: "Slots", user: Hashable) -> None:
        self._slots = slots
        self._user = user
        self._is_held = True

    def __enter__(self) -> "Slot":
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back()

    def give_back(self) -> None:
        with self._slots.lock:
            if self._is_held:
                self._is_held = False
                self._slots.release(self._user)


class Slots:
    """Open streams for each user. Held in memory, so a killed process leaves none behind."""

    def __init__(self) -> None:
        self._held: Counter[Hashable] = Counter()
        # The garbage collector may give a slot back in the middle of any of these.
        self.lock = threading.RLock()

    def take(self, user: Hashable, *, limit: int) -> Slot:
        """Return a slot of the user's. Raises `TooManyStreams`."""
        slot = Slot(self, user)
        with self.lock:
            is_free = self._held[user] < limit
            if is_free:
                self._held[user] += 1
        if not is_free:
            counters.limited.add("streams")
            raise TooManyStreams(limit)
        return slot

    def release(self, user: Hashable) -> None:
        with self.lock:
            self._held[user] -= 1
            if not self._held[user]:
                del self._held[user]

    @property
    def total(self) -> int:
        with self.lock:
            return self._held.total()


slots = Slots()
