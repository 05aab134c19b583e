"""What carries the ticket "advance run R, segment S" to a worker, at least once.

Correctness never depends on it: a lost ticket is dispatched again by the sweep, a second one
finds the run claimed.
"""

from functools import cache

from runs.conf import run_settings
from runs.engines.base import Engine
from runs.engines.embedded import EmbeddedEngine

embedded = EmbeddedEngine()


def engine() -> Engine:
    """Return the engine that the RUNS setting names."""
    return _distributed() if run_settings().runner == "distributed" else embedded


@cache
def _distributed() -> Engine:
    # Only PostgreSQL has its tables, and only there is it imported.
    from runs.engines.procrastinate import ProcrastinateEngine  # noqa: PLC0415

    return ProcrastinateEngine()
