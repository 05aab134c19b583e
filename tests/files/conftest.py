"""A folder for the files of one test, and takers of tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from files import takers
from files.takers import Taker
from tests.files.sending import Journal


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let these takers be the only ones."""

    def register(*given: Taker) -> None:
        monkeypatch.setattr(takers, "_takers", {})
        for one in given:
            takers.register(one)

    return register


@pytest.fixture
def journal(only: Callable[..., None]) -> Journal:
    """A taker of .log files that remembers what it was shown."""
    kept = Journal()
    only(Taker(name="journal", suffixes=(".log",), take=kept.take))
    return kept
