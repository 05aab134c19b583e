"""`manage.py worker` in a process whose own clock is off; the database's is not."""

import sys

from tests.e2e import wrong_clock  # noqa: F401 - all else must see the wrong clock

from django.core.management import call_command  # isort: skip - after the apps are loaded

call_command("worker", *sys.argv[1:])
