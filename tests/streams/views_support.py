"""What the tests of views share."""

from runs.models import Run
from streams import log
from streams.pool import pooled
from tests.factories import Noted

append = pooled(log.append)


trim = pooled(log.trim)


async def write(run: Run, count: int = 1, *, close: bool = False) -> None:
    await append(run.stream_id, [Noted(text="x")] * count, run_id=run.pk, close=close)


CURSORS = ["-1", "x", "1.5", "1e3", " ", "+1", "9" * 25, str(2**63), "0x1", "1,2", "²"]


def slow_and_sync(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Sync"] = "1"
        return response

    return middleware
