"""`manage.py worker` that also knows the kinds of runs and the engine of the benchmarks."""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - the apps must be loaded first

from benchmarks import talking, workloads  # noqa: E402

workloads.connect()
talking.connect()
call_command("worker", *sys.argv[1:])
