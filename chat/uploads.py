"""Uploaded files as data sets. What is wrong inside of one is found when a session reads it."""

from agents.data import loading
from files import takers
from files.models import Upload
from files.takers import Taker

USE = "data"


def take(upload: Upload) -> None:
    """Refuse at once what is no data file at first sight. Raises `Unreadable`."""
    loading.check(upload.path, upload.name)


def connect() -> None:
    takers.register(Taker(name=USE, suffixes=tuple(loading.READERS), take=take))
