"""The project's settings with the routes of `tests.api.urls`."""

from project.settings import *  # noqa: F403

ROOT_URLCONF = "tests.api.urls"
