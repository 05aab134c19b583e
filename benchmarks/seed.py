"""Make a database with one user and as many runs that nobody works on as are asked for."""

import json
import sys

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the apps must be loaded first
from django.core.management import call_command  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

from benchmarks.sites import TOKEN  # noqa: E402
from runs.models import Run  # noqa: E402
from streams.models import Stream  # noqa: E402


def main(count: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    user = User.objects.create_user("bench")
    Token.objects.create(user=user, key=TOKEN)
    streams = Stream.objects.bulk_create(Stream() for _ in range(count))
    runs = Run.objects.bulk_create(
        Run(kind="tick", state=Run.State.PAUSED, stream=stream, created_by=user)
        for stream in streams
    )
    print(json.dumps([str(run.pk) for run in runs]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
