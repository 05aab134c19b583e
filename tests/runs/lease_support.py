"""What the tests of lease share."""

from datetime import timedelta
from typing import Any

import pytest

from runs import engines
from runs.models import Run
from tests.fakes import RecordingWorker


@pytest.fixture
def worker() -> Any:
    fake = RecordingWorker()
    engines.embedded.worker = fake
    yield fake
    engines.embedded.worker = None


def later(run: Run, seconds: float = 1) -> Any:
    """Return a moment after the run's lease has run out."""
    run.refresh_from_db()
    assert run.lease_until is not None
    return run.lease_until + timedelta(seconds=seconds)


HOUR = timedelta(hours=1)
