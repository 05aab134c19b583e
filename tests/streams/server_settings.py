"""Settings of the servers that tests start: a run's stream and nothing else."""

from project.settings import *  # noqa: F403

ROOT_URLCONF = "tests.streams.urls"
