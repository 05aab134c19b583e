"""Stand-ins for what a test must control."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from streams import hub
from streams.hub import Grown, InProcessHub, Listening, Wake


class DeafHub:
    """A hub that loses wake-ups while `is_deaf`."""

    def __init__(self) -> None:
        self.is_deaf = True
        self._inner = InProcessHub()

    def notify(self, grown: Grown) -> None:
        if not self.is_deaf:
            self._inner.notify(grown)

    def announce(self, grown: Grown) -> None:
        pass

    def together(self) -> AbstractContextManager[None]:
        return self._inner.together()

    def listen(self, wake: Wake) -> Listening:
        return self._inner.listen(wake)

    def forget(self, listening: Listening) -> None:
        self._inner.forget(listening)


@contextmanager
def deaf_hub() -> Iterator[DeafHub]:
    """Let nobody hear of a stream's growth."""
    before, fake = hub.local, DeafHub()
    hub.local = fake
    try:
        yield fake
    finally:
        hub.local = before


class RecordingWorker:
    """Notes the tickets it is handed."""

    def __init__(self) -> None:
        self.tickets: list[tuple[UUID, int]] = []
        self.interrupted: list[UUID] = []

    def take(self, run_id: UUID, segment: int, delay_seconds: float) -> None:
        self.tickets.append((run_id, segment))

    def interrupt(self, run_id: UUID) -> None:
        self.interrupted.append(run_id)
