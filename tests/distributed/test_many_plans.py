"""Many plans wait for people, across a restart of everything."""

import pytest

from tests.distributed.farm import Farm
from tests.distributed.many_plans import tell

COUNT = 200  # `python -m tests.distributed.many_plans 1000` takes minutes

STEPS = 5  # of a plan with one iteration
WHOLE = (
    "SELECT bool_and(rows = last) FROM"
    " (SELECT count(*) AS rows, max(position) AS last FROM streams_streamevent GROUP BY stream_id) a"
)


@pytest.mark.timeout(240)  # 32 s at a load of 8, 82 s at one of 20
async def test_what_waits_is_still_there_after_a_restart_of_everything_and_finishes(plot: Farm):
    """Reliability 5 and 12, row 2-66: webs, workers and connections may all go at once."""
    told: list[str] = []

    await tell(plot, COUNT, told.append)

    print("\n".join(["", *told]))  # noqa: T201
    assert plot.query("SELECT count(*), sum(restarts) FROM runs_step") == [(COUNT * STEPS, 0)]
    assert plot.query("SELECT count(*), count(DISTINCT gate_id) FROM runs_answer") == [
        (COUNT * 2, COUNT * 2)
    ]
    assert plot.query(WHOLE) == [(True,)]
    assert plot.query("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
