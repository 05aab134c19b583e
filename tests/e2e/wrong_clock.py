"""The application in a process whose own clock is off; the database's is not."""

import os
from datetime import timedelta

from django.utils import timezone

_now = timezone.now
_off = timedelta(seconds=float(os.environ["CLOCK_IS_OFF_BY"]))
timezone.now = lambda: _now() + _off

from project.asgi import application  # noqa: E402, F401 - all else must see the wrong clock
