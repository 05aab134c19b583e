"""`manage.py worker` as it was one release ago: it knows neither strategies nor anything of them."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

import django

django.setup()  # before kinds are registered

from django.core.management import execute_from_command_line  # noqa: E402

from runs import handlers  # noqa: E402

del handlers._kinds["strategy"]
execute_from_command_line(["manage.py", "worker", *sys.argv[1:]])
