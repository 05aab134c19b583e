"""Fixtures that several files of these tests share."""

from tests.runs.lease_support import worker
from tests.runs.runner_support import quick, short_lease, works

__all__ = ["quick", "short_lease", "worker", "works"]
