"""Fixtures used in more than one folder."""

import os

# Before settings are read: tests start what they need themselves, and sync to disk for nothing.
os.environ.setdefault("CAIRN_RUNNER", "off")
os.environ.setdefault("CAIRN_SQLITE_SYNCHRONOUS", "OFF")
os.environ.setdefault("CAIRN_RATE_REQUESTS", "")
os.environ.setdefault("CAIRN_RATE_RUNS", "")
os.environ.setdefault("CAIRN_RATE_UPLOADS", "")

import pytest
from django.contrib.auth.models import User

from streams import pool
from streams.group import writer


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("grace")


@pytest.fixture
def real_threads(transactional_db: None):
    """For tests whose threads use the database: closes their connections afterwards."""
    yield
    writer.close()
    pool.shutdown()
