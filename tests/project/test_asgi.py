"""Which requests keep no thread: all that may stay open, and no others."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from asgiref.sync import iscoroutinefunction
from django.urls import URLPattern, get_resolver

from project.asgi import STREAM_PATH

# Asynchronous, but answered at once and without a look at the database.
SHORT = {"live"}


def routes(patterns: Any, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield each route with a path that leads to it."""
    for one in patterns:
        path = prefix + re.sub(r"<[^>]+>", str(uuid4()), str(one.pattern))
        if isinstance(one, URLPattern):
            yield path, one
        else:
            yield from routes(one.url_patterns, path)


def test_every_stream_is_served_without_a_thread_of_its_own_and_nothing_else_is():
    """Reliability 12: a stream that is left out here costs a thread and a connection while it lasts."""
    found = {
        path: iscoroutinefunction(route.callback)
        for path, route in routes(get_resolver().url_patterns)
        if route.name not in SHORT and not path.startswith("/admin")
    }

    assert any(found.values())
    wrong = {
        path for path, is_stream in found.items() if is_stream != bool(STREAM_PATH.match(path))
    }
    assert wrong == set()
