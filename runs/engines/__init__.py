"""What carries the ticket "advance run R, segment S" to a worker, at least once.

Correctness never depends on it: a lost ticket is dispatched again by the sweep, a second one
finds the run claimed.
"""

from runs.engines.base import Engine
from runs.engines.embedded import EmbeddedEngine

embedded = EmbeddedEngine()


def engine() -> Engine:
    return embedded
