"""The writer of a process that dies at a write that a test chooses."""

from concurrent.futures import Future
from typing import Any

from streams.group import GroupWriter
from tests.runs.steps_support import Killed


class MortalWriter(GroupWriter):
    """The writer of a process that is gone at one of its writes, and with it all later ones."""

    def __init__(self, dies_at: int = 0, *, commits: bool = False) -> None:
        super().__init__("mortal-writer")
        self.count = 0
        self._dies_at = dies_at
        self._commits = commits
        self._is_dead = False

    def submit(self, work: Any, *, ends_group: bool = False) -> "Future[Any]":
        self.count += 1
        if self.count == self._dies_at:
            if self._commits:
                super().submit(work, ends_group=ends_group).result()
            self._is_dead = True
        if not self._is_dead:
            return super().submit(work, ends_group=ends_group)
        gone: Future[Any] = Future()
        gone.set_exception(Killed())
        return gone
