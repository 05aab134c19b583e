"""The application that Daphne (or another ASGI server) serves.

Importing this module starts the embedded runner: Daphne tells nobody when it starts, and only
a serving process imports it, never migrate, a shell or a test.
"""

import os
import re
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

import django
from django.core.handlers.asgi import ASGIHandler

from project.bodies import Bounded

# Paths whose answers stay open.
STREAM_PATH = re.compile(
    r"^(/api/(v1/(runs|sessions)/[^/]+/events|v1/streams/doctor|plan|execute-plan|chat/stream)"
    r"|/api/strategies/[^/]+/events"
    r"|/datamodel/(progress|chat/stream)/[^/]+"
    r"|/contexts/[^/]+/(stream|events)"
    r"|/ag-ui/(chat|plan)"
    r"|/ai-sdk/(chat|plan)(/[^/]+/stream)?|/ai-sdk/chat/[^/]+)/?$"
)


class StreamHandler(ASGIHandler):
    """Django's handler, without the thread it keeps for each request until the response ends.

    `ASGIHandler.__call__` wraps every request in a thread-sensitive context that lives as long
    as the response: 300 open streams would hold 300 threads, and as many database connections.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        bounded = Bounded(scope, receive)
        if not bounded.is_too_large:
            is_stream = STREAM_PATH.match(scope["path"])
            await (self.handle if is_stream else super().__call__)(scope, bounded, send)
        if bounded.is_too_large:
            await bounded.refuse(send)


def get_application() -> StreamHandler:
    django.setup(set_prefix=False)
    from runs import runner  # noqa: PLC0415 - models can be imported only after setup

    runner.start_if_configured()
    return StreamHandler()


application = get_application()
