"""django-eventstream with its model storage, so that events can be read again, as Cairn's can."""

import asyncio
import json
import os
import tempfile
import time
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

folder = tempfile.mkdtemp(prefix="eventstream-")
settings.configure(
    SECRET_KEY="for benchmarks only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django_eventstream"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(folder, "events.sqlite3"),  # noqa: PTH118
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    EVENTSTREAM_STORAGE_CLASS="django_eventstream.storage.DjangoModelStorage",
    USE_TZ=True,
)
django.setup()
call_command("migrate", interactive=False, verbosity=0)

from asgiref.sync import sync_to_async  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from django_eventstream import send_event  # type: ignore[import-not-found]  # noqa: E402

tasks: set[Any] = set()
send = sync_to_async(send_event)


async def _tell(name: str, begin: float, every: float, count: int) -> None:
    for number in range(count):
        await asyncio.sleep(max(0.0, begin + number * every - time.monotonic()))
        await send(name, "message", {"type": "bench_ticked", "data": {"sent": time.monotonic()}})


@csrf_exempt
async def feed(request: HttpRequest) -> JsonResponse:
    given = json.loads(request.body)
    begin = time.monotonic() + given["wait"]
    channels = int(given["channels"])
    for number in range(channels):
        start = begin + number * given["every"] / channels
        task = asyncio.create_task(_tell(str(number), start, given["every"], int(given["count"])))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    return JsonResponse({}, headers={"Content-Length": "2"})


urlpatterns = [
    path("feed", feed),
    path("events/<name>", include("django_eventstream.urls"), {"format-channels": ["{name}"]}),
]
application = get_asgi_application()
