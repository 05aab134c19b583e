"""`manage.py worker` that is killed by SIGKILL where a file asks for it."""

import sys
from pathlib import Path

from cairn_testing.serving import arm

from django.core.management import call_command  # isort: skip - after the apps are loaded

arm(Path(sys.argv.pop(1)))
call_command("worker", *sys.argv[1:])
