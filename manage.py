#!/usr/bin/env python
"""Django's command line for administrative tasks."""

import os
import sys


def main() -> None:
    """Run administrative tasks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
        from django.core.management import execute_from_command_line  # noqa: PLC0415
        from django.db import OperationalError  # noqa: PLC0415
    except ImportError as exc:
        raise ImportError(
            "Couldn't import Django. Are you sure it's installed and available on your "
            "PYTHONPATH environment variable? Did you forget to activate a virtual environment? "
            "`make setup` creates one."
        ) from exc
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{error}")
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        from streams import database  # noqa: PLC0415 - the settings are known by now

        sys.exit(f"{database.cause(error)}\n{error}")


if __name__ == "__main__":
    main()
