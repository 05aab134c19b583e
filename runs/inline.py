"""Advance a run in this process and without a runner: for commands that prepare data."""

import asyncio
from uuid import UUID

from runs.execution import Interruption, execute, give_back
from runs.lease import claim
from runs.models import Run
from streams.group import GroupWriter


def advance(run_id: UUID) -> Run:
    """Work on a queued run until its segment ends; return the run as it is then.

    Does nothing if it is not queued, or somebody else was faster. Nobody renews the lease, so
    this is for segments that are short. Must be called outside of a transaction.
    """
    run = Run.objects.get(pk=run_id)
    lease = claim(run.pk, run.segment)
    if lease is None:
        return run
    writer = GroupWriter("inline-writer")
    try:
        asyncio.run(execute(lease, writer, Interruption(), []))
    finally:
        writer.close()
        give_back(lease)  # only if the segment was interrupted: otherwise it holds no more
    run.refresh_from_db()
    return run
