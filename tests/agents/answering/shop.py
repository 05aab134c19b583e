"""A small shop as a data set, loaded and profiled like any other: three tables with two joins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from agents.adapters import Call
from agents.base import Done
from agents.contract import Flag
from agents.data.profiling import initialise
from agents.data_model import DataFile, DataModel, InitialiseInput
from tests.data_sets import data_files, data_set

COUNTRIES = ("France", "Japan", "Brazil", "France", "Japan", "Kenya")
CATEGORIES = ("Books", "Games", "Tools")
FIRST_DAY = date(2023, 1, 2)


def _customers() -> str:
    lines = ["customer_id,name,country,is_member,joined"]
    for number in range(1, 13):
        country = COUNTRIES[number % len(COUNTRIES)]
        member = "true" if number % 3 == 0 else "false"
        joined = date(2020, 1, 15) + timedelta(days=37 * number)
        lines.append(f"C{number:03},Customer {chr(64 + number)},{country},{member},{joined}")
    return "\n".join(lines) + "\n"


def _products() -> str:
    lines = ["product_id,title,category,price,weight_kg"]
    for number in range(1, 10):
        category = CATEGORIES[number % len(CATEGORIES)]
        lines.append(f"P{number:02},Thing {number},{category},{4.5 * number},{0.25 * number}")
    return "\n".join(lines) + "\n"


def _orders() -> str:
    lines = ["order_id,customer_id,product_id,quantity,revenue,ordered_on,shipped_on,channel"]
    for number in range(1, 241):
        customer, product = number * 7 % 12 + 1, number * 5 % 9 + 1
        quantity = number % 4 + 1
        day = FIRST_DAY + timedelta(days=3 * number)
        shipped = "" if number % 8 == 0 else day + timedelta(days=number % 5 + 1)
        channel = ("web", "shop", "phone")[number % 3]
        lines.append(
            f"{number},C{customer:03},P{product:02},{quantity},"
            f"{quantity * 4.5 * product},{day},{shipped},{channel}"
        )
    return "\n".join(lines) + "\n"


FILES = {"customers.csv": _customers, "products.csv": _products, "orders.csv": _orders}


@dataclass(frozen=True)
class DataSet:
    """A profiled data set: its model, and the folder of its tables."""

    model: DataModel
    folder: str

    def given(self, **more: Any) -> dict[str, Any]:
        """Return what every step about it takes."""
        return {"model": self.model.model_dump(mode="json"), "folder": self.folder, **more}


def loaded(name: str, files: Mapping[str, str]) -> DataSet:
    """Load files, given by their names and texts, with the step that the application uses."""
    place = Path(mkdtemp(prefix="cairn-test-"))
    for number, text in enumerate(files.values()):
        (place / str(number)).write_text(text)
    found = data_files(place / str(number) for number in range(len(files)))
    named = (one.model_copy(update={"name": file}) for one, file in zip(found, files, strict=True))
    return _profiled(name, tuple(named), place)


@cache
def real(name: str) -> DataSet:
    """Profile a real data set, once for each process; skips the test if it is not installed."""
    files = data_files(data_set(name))
    return _profiled(name, files, Path(mkdtemp(prefix="cairn-test-")))


def _profiled(name: str, files: tuple[DataFile, ...], place: Path) -> DataSet:
    asked = InitialiseInput(name=name, files=files, folder=str(place / "tables"))
    call = Call(
        run_id="r", step="i", kind="initialise", cancel=Flag(), input=asked.model_dump(mode="json")
    )
    *_, ending = initialise(call)
    assert isinstance(ending, Done)
    return DataSet(DataModel.model_validate(ending.result), str(place / "tables"))


@cache
def shop() -> DataSet:
    return loaded("shop", {file: make() for file, make in FILES.items()})
